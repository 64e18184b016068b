package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.halfopen.report.Comparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Two runs on one page: differing inputs, results, and their requests in the same charts. */
public final class ComparePage {
  private static final List<String> COUNTS = List.of("offered", "succeeded", "failed");

  /** Charts of resources, of those that came at least so near to their limits. */
  private static final int RESOURCES = 4;

  private static final double NEAR = 0.1;

  private final Comparison comparison;
  private final List<String> names;
  private final Markup page = new Markup();
  private final Charts charts = new Charts();

  private ComparePage(Comparison comparison, List<String> names) {
    this.comparison = comparison;
    List<String> last = names.stream().map(ComparePage::lastPart).toList();
    this.names = last.get(0).equals(last.get(1)) ? names : last;
  }

  private static String lastPart(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.substring(plain.lastIndexOf('/') + 1);
  }

  /**
   * Makes the page.
   *
   * @param filesA files of the first run by name: summary.json, timeseries.csv, latency.hlog
   * @throws IOException that names the file which is missing or cannot be read
   */
  public static byte[] of(
      Comparison comparison,
      String nameA,
      Map<String, byte[]> filesA,
      String nameB,
      Map<String, byte[]> filesB)
      throws IOException {
    ComparePage page = new ComparePage(comparison, List.of(nameA, nameB));
    return page.html(RunData.of(filesA), RunData.of(filesB)).getBytes(StandardCharsets.UTF_8);
  }

  private String html(RunData a, RunData b) throws IOException {
    Frame.open(page, names.get(0) + " and " + names.get(1));
    page.open("header").element("h1", names.get(0) + " and " + names.get(1), "class", "good");
    page.close();
    table("What went in differently", comparison.inputs());
    page.open("section").element("h2", "Timeline");
    for (String column : List.of("offered", "succeeded", "failed", "unfinished")) {
      chart(column, column, a.series(), b.series());
    }
    scarce(a, b).forEach((column, title) -> chart(column, title, a.series(), b.series()));
    page.close();
    latency(a, b);
    table("What came out", comparison.results());
    Frame.close(page, charts);
    return page.html();
  }

  private void table(String title, List<Comparison.Row> rows) {
    page.open("section").element("h2", title);
    if (rows.isEmpty()) {
      page.element("p", "Nothing.").close();
      return;
    }
    page.open("div", "class", "scroll").open("table").open("tr").element("th", "");
    names.forEach(name -> page.element("th", name));
    page.close();
    for (Comparison.Row row : rows) {
      page.open("tr").element("td", row.name()).element("td", row.a());
      page.element("td", row.b(), "class", row.a().equals(row.b()) ? "" : "differs").close();
    }
    page.close().close().close();
  }

  /** Columns of the resources that came near their limits in either run, with what they are. */
  private static Map<String, String> scarce(RunData a, RunData b) {
    Map<String, String> all = new LinkedHashMap<>();
    for (RunData run : List.of(a, b)) {
      for (JsonNode resource : run.at("resources")) {
        Optional<String> column = ResourceColumn.of(resource, run.series());
        if (resource.path("share").asDouble() >= NEAR
            && column.isPresent()
            && all.size() < RESOURCES) {
          all.putIfAbsent(column.get(), ResourceColumn.title(resource));
        }
      }
    }
    return all;
  }

  private void latency(RunData a, RunData b) {
    List<Latency> both = new ArrayList<>();
    for (RunData run : List.of(a, b)) {
      run.latencies().stream()
          .filter(l -> l.name().equals("request"))
          .forEach(l -> both.add(new Latency(names.get(both.size()), l.intervals(), l.total())));
    }
    if (both.size() == 2) {
      page.open("section").element("h2", "Latency of requests that succeeded");
      charts.hdrCurve(both);
      place();
      page.close();
    }
  }

  private void place() {
    page.open("div", "class", "chart", "data-chart", Integer.toString(charts.last())).close();
  }

  private void chart(String column, String title, TimeSeries a, TimeSeries b) {
    boolean counts = COUNTS.contains(column);
    TreeSet<Double> instants = new TreeSet<>();
    for (double s : a.seconds()) {
      instants.add(s);
    }
    for (double s : b.seconds()) {
      instants.add(s);
    }
    if (instants.size() < 2 || !(a.isEverPositive(column) || b.isEverPositive(column))) {
      return;
    }
    List<Double> x = new ArrayList<>(instants);
    Charts.Chart chart =
        charts.time(
            title, counts ? "/s" : "", x.stream().mapToDouble(Double::doubleValue).toArray());
    chart.series(names.get(0), at(x, a, counts ? a.rate(column) : a.column(column)));
    chart.series(names.get(1), at(x, b, counts ? b.rate(column) : b.column(column)));
    if (counts) {
      chart.rates();
    }
    place();
  }

  private static double[] at(List<Double> x, TimeSeries series, double[] values) {
    double[] aligned = new double[x.size()];
    int next = 0;
    for (int i = 0; i < aligned.length; i++) {
      boolean here = next < values.length && series.seconds()[next] == x.get(i);
      aligned[i] = here ? values[next] : Double.NaN;
      next += here ? 1 : 0;
    }
    return aligned;
  }
}
