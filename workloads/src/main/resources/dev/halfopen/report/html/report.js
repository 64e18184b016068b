'use strict';
// Draws the charts of the page: uPlot, one cursor and one zoom for all charts over time.
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const drawn = [];
  let zooming = false;

  // All charts over time begin at 0 and end together.
  const end = Math.max(0, ...charts.filter(c => c.kind === 'time').map(c => c.x[c.x.length - 1]));

  const FONT = '11px system-ui, sans-serif';
  const ROW = 14; // px of a row of marks' names
  const MOST_ROWS = 5;
  const LOG_FROM = 100; // times between the least and the greatest that a straight axis does not show

  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const short = v => {
    if (v == null) return '';
    const a = Math.abs(v);
    for (const [size, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
      if (a >= size) return +(v / size).toPrecision(4) + unit;
    }
    return String(+v.toPrecision(4));
  };

  const full = v => v.toLocaleString('en-US', { maximumFractionDigits: 3 });

  const ms = v => {
    if (v == null) return '';
    if (v === 0) return '0';
    if (v < 1) return +(v * 1e3).toPrecision(3) + ' µs';
    return v < 1e3 ? +v.toPrecision(3) + ' ms' : +(v / 1e3).toPrecision(4) + ' s';
  };

  const clock = s => {
    if (s == null) return '';
    if (s < 120) return short(s) + ' s';
    const m = Math.floor(s / 60), rest = Math.round((s - 60 * m) * 10) / 10;
    return m + ' min' + (rest ? ' ' + rest + ' s' : '');
  };

  // Steps of a time axis: 1, 2, 5 and 10 of each unit's parts.
  const STEPS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, .1, .2, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400];

  // One unit along the whole axis: seconds, or what the step is a multiple of.
  const instants = (u, splits, axis, space, step) => {
    if (u.scales.x.max <= 300) return splits.map(s => short(s) + ' s');
    if (step % 3600 === 0) return splits.map(s => s / 3600 + ' h');
    if (step % 60 === 0) return splits.map(s => s / 60 + ' min');
    return splits.map(s => Math.floor(s / 60) + ':' + String(+(s % 60).toFixed(3)).padStart(2, '0') + ' min');
  };

  const percentile = x => x == null ? '' : +(100 * (1 - 1 / x)).toPrecision(7) + ' %';

  const decades = (u, splits) => splits.map(s => Math.abs(Math.log10(s) % 1) < 1e-9 ? s : null);

  // ---- limits as dashed lines across, marks as lines down, each with its name

  const measure = document.createElement('canvas').getContext('2d');
  measure.font = FONT;

  // The marks in sight, their names in rows above the plot where none covers another.
  const places = (marks, left, width, position) => {
    const ends = [];
    return marks.map(mark => ({ mark, x: position(mark.at) }))
      .filter(m => m.x >= left && m.x <= left + width)
      .sort((a, b) => a.x - b.x)
      .map(m => {
        const w = measure.measureText(m.mark.label).width;
        const from = Math.max(left, Math.min(m.x - w / 2, left + width - w));
        let row = ends.findIndex(end => from > end + 8);
        if (row < 0) row = ends.length;
        ends[row] = from + w;
        return { ...m, from, row };
      });
  };

  const rows = (chart, width) => {
    const all = places(chart.marks || [], 0, width, at => at / end * width);
    return Math.min(MOST_ROWS, 1 + Math.max(-1, ...all.map(m => m.row)));
  };

  const annotations = (chart, markRows) => ({
    hooks: {
      draw: u => {
        const { ctx } = u, px = devicePixelRatio;
        const [left, top, width, height] =
          [u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height].map(v => v / px);
        ctx.save();
        ctx.scale(px, px);
        ctx.lineWidth = 1;
        ctx.font = FONT;
        ctx.textAlign = 'left';
        const at = v => u.valToPos(v, 'x', true) / px;
        for (const m of places(chart.marks || [], left, width, at)) {
          const up = top - 4 - ROW * (markRows - 1 - m.row);
          line(ctx, color('--warn'), m.x, m.row < markRows ? up + 3 : top, m.x, top + height, [2, 3]);
          if (m.row < markRows) label(ctx, m.mark.label, m.from, up);
        }
        ctx.textAlign = 'right';
        for (const limit of chart.limits) {
          const y = u.valToPos(limit.value, 'y', true) / px;
          line(ctx, color('--bad'), left, y, left + width, y, [6, 4]);
          label(ctx, limit.label + ' ' + full(limit.value), left + width - 4, y - 8);
        }
        ctx.restore();
      },
    },
  });

  // Text that lines behind it do not cross.
  const label = (ctx, text, x, y) => {
    ctx.setLineDash([]);
    ctx.lineWidth = 4;
    ctx.strokeStyle = color('--panel');
    ctx.strokeText(text, x, y);
    ctx.lineWidth = 1;
    ctx.fillText(text, x, y);
  };

  const line = (ctx, style, x0, y0, x1, y1, dash) => {
    ctx.strokeStyle = ctx.fillStyle = style;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  };

  // ---- rates of many short samples, as means of as many as share two pixels

  const samplesOf = (chart, span, width) => {
    const step = chart.x[1] - chart.x[0];
    if (!chart.rates || !(step > 0)) return 1;
    const wanted = 2 * span / width / step;
    for (let decade = 1; ; decade *= 10) {
      for (const nice of [1, 2, 5]) if (nice * decade >= wanted) return nice * decade;
    }
  };

  const mean = values => {
    const known = values.filter(v => v != null);
    return known.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
  };

  // Samples 1 to n, n + 1 to 2 n, ...: sample 0 has nothing before it.
  const means = (values, n, of) => {
    const out = [values[0]];
    for (let i = 1; i < values.length; i += n) out.push(of(values.slice(i, i + n)));
    return out;
  };

  const dataOf = (chart, n) => {
    const all = [chart.x, ...chart.series.map(s => s.values)];
    if (n === 1) return all;
    return all.map((v, i) => means(v, n, i ? mean : part => part[part.length - 1]));
  };

  const refine = d => {
    const { min, max } = d.plot.scales.x;
    const n = samplesOf(d.chart, max - min, d.plot.width);
    const unit = { '': '', ms: '', '/s': ' per second' }[d.chart.unit] ?? ', ' + d.chart.unit;
    d.title.textContent = d.chart.title + unit
      + (n > 1 ? ', means of ' + clock(n * (d.chart.x[1] - d.chart.x[0])) : '');
    if (n === d.samples) return;
    d.samples = n;
    zooming = true;
    d.plot.batch(() => {
      d.plot.setData(dataOf(d.chart, n), false);
      d.plot.setScale('x', { min, max });
    });
    zooming = false;
  };

  const zoomAll = (u, scale) => {
    if (scale !== 'x' || zooming) return;
    zooming = true;
    const { min, max } = u.scales.x;
    for (const d of drawn) {
      if (d.plot !== u && d.chart.kind === 'time') d.plot.setScale('x', { min, max });
    }
    zooming = false;
    setTimeout(() => drawn.filter(d => d.chart.rates).forEach(refine));
  };

  // ---- one chart

  const axis = extra => Object.assign({
    stroke: color('--dim'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: FONT,
  }, extra);

  const OUTCOMES = { offered: '--s0', succeeded: '--good', failed: '--bad' };

  // A value between two gaps has no line to stand on.
  const alone = (u, i, show) => {
    const values = u.data[i], [from, to] = u.series[i].idxs;
    const lonely = [];
    for (let k = from; !show && k <= to; k++) {
      if (values[k] != null && values[k - 1] == null && values[k + 1] == null) lonely.push(k);
    }
    return lonely.length ? lonely : null;
  };

  // Times are told over decades where a straight axis would flatten the short ones.
  const isWide = chart => {
    if (chart.unit !== 'ms' || chart.kind === 'value') return false;
    const some = chart.series.flatMap(s => s.values).filter(v => v > 0);
    return some.reduce((a, b) => Math.max(a, b), 0) > LOG_FROM * some.reduce((a, b) => Math.min(a, b), Infinity);
  };

  const heights = chart => {
    const top = Math.max(0, ...chart.limits.map(l => l.value));
    if (!isWide(chart)) {
      return { range: (u, min, max) => [0, Math.max((max || 0) * 1.06, top * 1.2, 1e-9)] };
    }
    return {
      distr: 3,
      range: (u, min, max) => [10 ** Math.floor(Math.log10(min) + 1e-9), 10 ** Math.ceil(Math.log10(max) - 1e-9)],
    };
  };

  // What uPlot asks for when it shows all of the data.
  const whole = (u, min, max) => {
    const x = u.data[0];
    return min == null || min === x[0] && max === x[x.length - 1] ? [0, end] : [min, max];
  };

  const options = (chart, width) => {
    const time = chart.kind === 'time';
    const along = { time: clock, percentile, value: short }[chart.kind];
    const high = chart.unit === 'ms' ? ms : short;
    const unit = chart.unit && chart.unit !== 'ms' ? ' ' + chart.unit : '';
    const wide = isWide(chart);
    const markRows = time ? rows(chart, width - 84) : 0;
    const names = time ? instants : (u, splits) => splits.map(along);
    return {
      width,
      height: (width < 500 ? 170 : 210) + ROW * markRows,
      padding: [markRows ? ROW * markRows + 6 : 10, chart.kind === 'percentile' ? 30 : 22, 0, 0],
      cursor: time ? { sync: { key: 'time' }, drag: { x: true, y: false } } : { drag: { x: true, y: false } },
      scales: {
        x: chart.kind === 'percentile' ? { time: false, distr: 3, log: 10 }
          : { time: false, ...(time ? { range: whole } : {}) },
        y: heights(chart),
      },
      legend: { markers: { fill: (u, i) => u.series[i].stroke(u, i) } },
      axes: [
        axis({
          values: names, space: time ? 70 : 90, size: 30, ...(time ? { incrs: STEPS } : {}),
          grid: { stroke: color('--line'), width: 1, ...(chart.kind === 'percentile' ? { filter: decades } : {}) },
        }),
        axis({
          values: (u, splits) => splits.map(high), size: 56,
          grid: { stroke: color('--line'), width: 1, ...(wide ? { filter: decades } : {}) },
        }),
      ],
      series: [
        { label: chart.kind, value: (u, v) => along(v) },
        ...chart.series.map((s, i) => {
          const name = OUTCOMES[s.label] || '--s' + i % 6;
          return {
            label: s.label,
            stroke: color(name),
            fill: s.label === 'offered' && chart.rates ? color(name) + '26' : undefined,
            width: chart.series.length > 3 ? 1 : 1.6,
            dash: s.dashed ? [5, 4] : undefined,
            points: { show: chart.x.length < 3, size: 5, filter: alone },
            value: (u, v) => v == null ? '' : high(v) + unit,
          };
        }),
      ],
      hooks: { setScale: time ? [zoomAll] : [] },
      plugins: [annotations(chart, markRows)],
    };
  };

  // Nothing stands on an axis of decades at 0.
  const positive = (chart, data) => !isWide(chart) ? data
    : data.map((values, i) => i ? values.map(v => v > 0 ? v : null) : values);

  const draw = () => {
    while (drawn.length) drawn.pop().plot.destroy();
    for (const place of document.querySelectorAll('.chart')) {
      const chart = charts[place.dataset.chart];
      if (!place.firstChild) place.append(document.createElement('h3'));
      const width = Math.max(240, place.clientWidth - 10);
      const samples = samplesOf(chart, end, width);
      const plot = new uPlot(options(chart, width), positive(chart, dataOf(chart, samples)), place);
      drawn.push({ chart, place, plot, samples, title: place.firstChild });
    }
    drawn.forEach(refine);
    document.documentElement.dataset.charts = drawn.length;
  };

  draw();
  let waiting = 0;
  addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 100);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  globalThis.halfopenCharts = drawn;
})();
