'use strict';
// Draws the charts of the page: uPlot, one cursor and one zoom for all charts over time.
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const drawn = [];
  let zooming = false;

  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const short = v => {
    if (v == null) return '';
    const a = Math.abs(v);
    for (const [size, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
      if (a >= size) return +(v / size).toPrecision(4) + unit;
    }
    return String(+v.toPrecision(4));
  };

  const clock = s => {
    if (s == null) return '';
    if (s < 120) return short(s) + ' s';
    const m = Math.floor(s / 60), rest = Math.round((s - 60 * m) * 10) / 10;
    return m + ' min' + (rest ? ' ' + rest + ' s' : '');
  };

  // Steps of a time axis: 1, 2, 5 and 10 of each unit's parts.
  const STEPS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, .1, .2, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400];

  const percentile = x => x == null ? '' : +(100 * (1 - 1 / x)).toPrecision(7) + ' %';

  // Limits as dashed lines across, marks as lines down, each with its name.
  const annotations = chart => ({
    hooks: {
      draw: u => {
        const { ctx, bbox } = u;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        ctx.lineWidth = devicePixelRatio;
        ctx.font = 11 * devicePixelRatio + 'px system-ui, sans-serif';
        for (const limit of chart.limits) {
          const y = u.valToPos(limit.value, 'y', true);
          line(ctx, color('--bad'), bbox.left, y, bbox.left + bbox.width, y, [6, 4]);
          ctx.textAlign = 'right';
          label(ctx, short(limit.value) + '  ' + limit.label, bbox.left + bbox.width - 6, y + 14 * devicePixelRatio);
        }
        ctx.textAlign = 'left';
        (chart.marks || []).forEach((mark, i) => {
          const x = u.valToPos(mark.at, 'x', true);
          line(ctx, color('--warn'), x, bbox.top, x, bbox.top + bbox.height, [2, 3]);
        });
        (chart.marks || []).forEach((mark, i) => {
          const x = u.valToPos(mark.at, 'x', true);
          const left = x < bbox.left + bbox.width / 2;
          ctx.textAlign = left ? 'left' : 'right';
          label(ctx, mark.label, x + (left ? 4 : -4), bbox.top + (12 + 13 * (i % 6)) * devicePixelRatio);
        });
        ctx.restore();
      },
    },
  });

  // Text that lines behind it do not cross.
  const label = (ctx, text, x, y) => {
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * devicePixelRatio;
    ctx.strokeStyle = color('--panel');
    ctx.strokeText(text, x, y);
    ctx.lineWidth = devicePixelRatio;
    ctx.fillText(text, x, y);
  };

  const line = (ctx, style, x0, y0, x1, y1, dash) => {
    ctx.strokeStyle = ctx.fillStyle = style;
    ctx.setLineDash(dash.map(d => d * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  };

  const zoomAll = (u, scale) => {
    if (scale !== 'x' || zooming) return;
    zooming = true;
    const { min, max } = u.scales.x;
    for (const d of drawn) {
      if (d.plot !== u && d.chart.kind === 'time') d.plot.setScale('x', { min, max });
    }
    zooming = false;
  };

  const axis = extra => Object.assign({
    stroke: color('--dim'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: '11px system-ui, sans-serif',
  }, extra);

  const options = (chart, width) => {
    const time = chart.kind === 'time';
    const along = { time: clock, percentile, value: short }[chart.kind];
    const unit = chart.unit ? ' ' + chart.unit : '';
    const top = Math.max(0, ...chart.limits.map(l => l.value));
    return {
      width,
      height: width < 500 ? 190 : 230,
      cursor: time ? { sync: { key: 'time' }, drag: { x: true, y: false } } : { drag: { x: true, y: false } },
      scales: {
        x: chart.kind === 'percentile' ? { time: false, distr: 3, log: 10 } : { time: false },
        y: { range: (u, min, max) => [0, Math.max(max || 0, top, 1e-9) * 1.06] },
      },
      axes: [
        axis({ values: (u, splits) => splits.map(along), space: time ? 70 : 90, ...(time ? { incrs: STEPS } : {}) }),
        axis({ values: (u, splits) => splits.map(short), size: 54 }),
      ],
      series: [
        { label: chart.kind, value: (u, v) => along(v) },
        ...chart.series.map((s, i) => ({
          label: s.label,
          stroke: color('--s' + i % 6),
          width: 1.6,
          points: { show: chart.x.length < 3 },
          value: (u, v) => v == null ? '' : short(v) + unit,
        })),
      ],
      hooks: { setScale: time ? [zoomAll] : [] },
      plugins: [annotations(chart)],
    };
  };

  const draw = () => {
    while (drawn.length) drawn.pop().plot.destroy();
    for (const place of document.querySelectorAll('.chart')) {
      const chart = charts[place.dataset.chart];
      if (!place.firstChild) {
        const title = document.createElement('h3');
        title.textContent = chart.title + (chart.unit ? ', ' + chart.unit : '');
        place.append(title);
      }
      const width = Math.max(240, place.clientWidth - 10);
      const data = [chart.x, ...chart.series.map(s => s.values)];
      drawn.push({ chart, place, plot: new uPlot(options(chart, width), data, place) });
    }
    document.documentElement.dataset.charts = drawn.length;
  };

  draw();
  let waiting = 0;
  addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => drawn.forEach(d => d.plot.setSize({
      width: Math.max(240, d.place.clientWidth - 10),
      height: d.place.clientWidth < 500 ? 190 : 230,
    })), 100);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  globalThis.halfopenCharts = drawn;
})();
