package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * report.html of a run. It is a function of the run's other files, without what {@code machine} in
 * summary.json says, so that the same scenario and seed give the same page.
 */
public final class HtmlReport {
  /** Charts of resources: those that came nearest to their limits. */
  private static final int RESOURCES = 6;

  /** A resource of which less is used than this share says nothing. */
  private static final double MATTERS = 0.05;

  /** Fewer sockets in a state are told by the table alone. */
  private static final int SOCKETS = 5;

  /** Lines in one chart. */
  private static final int COLOURS = 6;

  private final RunData run;
  private final Markup page = new Markup();
  private final Charts charts = new Charts();

  private HtmlReport(RunData run) {
    this.run = run;
  }

  /**
   * Makes the page.
   *
   * @param files summary.json, timeseries.csv and latency.hlog by name; others are not needed
   * @throws IOException that names the file which is missing or cannot be read
   */
  public static byte[] of(Map<String, byte[]> files) throws IOException {
    return new HtmlReport(RunData.of(files)).html().getBytes(StandardCharsets.UTF_8);
  }

  private String html() throws IOException {
    Frame.open(page, run.text("workload") + ": " + run.text("verdict"));
    sections();
    Frame.close(page, charts);
    return page.html();
  }

  private void sections() {
    OutcomeSections outcome = new OutcomeSections(run, page);
    ResourceSections resources = new ResourceSections(run, page);
    HostSections hosts = new HostSections(run, page);
    outcome.verdict();
    outcome.requests();
    outcome.breakdown();
    outcome.variants();
    outcome.checks();
    timeline();
    resources.limits();
    resources.reasons();
    resources.remedies();
    resources.onARealHost();
    latency();
    sockets(hosts);
    hosts.counters();
    hosts.parameters();
    hosts.rerun();
  }

  // ---- charts

  private void timeline() {
    JsonNode first = run.at("requests", "firstFailureSeconds");
    if (first.isNumber()) {
      charts.mark("first failure", first.asDouble());
    }
    for (JsonNode fault : run.at("faults")) {
      charts.mark(fault.path("name").asText(), fault.path("atSeconds").asDouble());
    }
    TimeSeries series = run.series();
    if (series.seconds().length < 2) {
      return;
    }
    page.open("section").element("h2", "Timeline");
    page.element("p", "Drag to zoom in, double-click to zoom out; all charts over time follow.");
    Charts.Chart requests = charts.time("Requests", "/s", series.seconds()).rates();
    for (String name : new String[] {"offered", "succeeded", "failed"}) {
      requests.series(name, series.rate(name));
    }
    place();
    if (series.isEverPositive("unfinished")) {
      charts
          .time("Requests under way", "", series.seconds())
          .series("unfinished", series.column("unfinished"));
      place();
    }
    resources(series);
    page.close();
  }

  /** The same resource of a group's hosts is one chart. */
  private void resources(TimeSeries series) {
    Map<String, List<JsonNode>> charted = new LinkedHashMap<>();
    Map<String, String> titles = new LinkedHashMap<>(); // by column: several peers may share one
    for (JsonNode resource : run.at("resources")) {
      String kind = ResourceColumn.title(resource);
      boolean matters = // the tightest does in any case
          resource.path("share").asDouble() >= MATTERS
              || ResourceColumn.isPool(resource)
              || charted.isEmpty();
      Optional<String> column = ResourceColumn.of(resource, series);
      if (column.isPresent() && series.isEverPositive(column.get())) {
        String title = titles.computeIfAbsent(column.get(), c -> kind);
        if (matters || charted.containsKey(title)) {
          charted.computeIfAbsent(title, k -> new ArrayList<>()).add(resource);
        }
      }
    }
    charted.entrySet().stream()
        .limit(RESOURCES)
        .forEach(e -> resource(e.getKey(), e.getValue(), series));
  }

  private void resource(String title, List<JsonNode> hosts, TimeSeries series) {
    Charts.Chart chart = charts.time(title, "", series.seconds());
    Set<String> columns = new LinkedHashSet<>(); // the hosts of a group may share one
    hosts.forEach(r -> ResourceColumn.of(r, series).ifPresent(columns::add));
    columns.stream().limit(COLOURS).forEach(c -> chart.series(c, series.column(c)));
    JsonNode first = hosts.get(0);
    String shown = columns.iterator().next();
    limit(chart, hosts.stream().filter(r -> isIn(shown, r, series)).toList());
    if (ResourceColumn.isPool(first) && columns.size() == 1) {
      columns.forEach(
          c -> chart.dashed(ResourceColumn.size(c), series.column(ResourceColumn.size(c))));
    }
    place();
    if (ResourceColumn.isPool(first)) {
      waiting(title, columns, series);
    }
  }

  private static boolean isIn(String column, JsonNode resource, TimeSeries series) {
    return ResourceColumn.of(resource, series).filter(column::equals).isPresent();
  }

  /** Of one column: what several hosts have together is limited by the sum of their limits. */
  private static void limit(Charts.Chart chart, List<JsonNode> hosts) {
    JsonNode first = hosts.get(0);
    double sum = hosts.stream().mapToDouble(r -> r.path("limit").asDouble()).sum();
    double peaks = hosts.stream().mapToDouble(r -> r.path("peak").asDouble()).sum();
    String from = first.path("limitFrom").asText();
    chart.limit(hosts.size() == 1 ? from : hosts.size() + " x " + from, sum, peaks);
  }

  /** Who waits for a connection of the pools whose columns these are. */
  private void waiting(String title, Set<String> columns, TimeSeries series) {
    List<String> waiting =
        columns.stream().map(ResourceColumn::waiting).filter(series::isEverPositive).toList();
    if (waiting.isEmpty()) {
      return;
    }
    Charts.Chart chart = charts.time("requests that wait, " + title, "", series.seconds());
    waiting.stream().limit(COLOURS).forEach(c -> chart.series(c, series.column(c)));
    place();
  }

  private void latency() {
    if (run.latencies().isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Latency");
    charts.hdrCurve(run.latencies());
    place();
    for (Latency latency : run.latencies()) {
      if (latency.intervals().size() > 1) {
        charts.latencyOverTime(latency);
        place();
      }
    }
    page.close();
  }

  private void sockets(HostSections hosts) {
    hosts.sockets();
    TimeSeries series = run.series();
    page.open("section");
    for (String state : new String[] {"estab", "timewait", "synRecv", "orphaned"}) {
      double most = 0;
      for (String name : series.names()) {
        most = name.endsWith("." + state) ? Math.max(most, series.peak(name)) : most;
      }
      if (most >= SOCKETS && series.seconds().length > 1) {
        Charts.Chart chart = charts.time("Sockets: " + state, "", series.seconds());
        for (String name : series.names()) {
          if (name.endsWith("." + state) && series.isEverPositive(name)) {
            chart.series(
                name.substring(0, name.length() - state.length() - 1), series.column(name));
          }
        }
        place();
      }
    }
    page.close();
  }

  /** Where report.js draws the chart made last. */
  private void place() {
    page.open("div", "class", "chart", "data-chart", Integer.toString(charts.last())).close();
  }
}
