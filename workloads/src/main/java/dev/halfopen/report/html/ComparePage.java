package dev.halfopen.report.html;

import dev.halfopen.report.Comparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Two runs on one page: differing inputs, results, and their requests in the same charts. */
public final class ComparePage {
  private final Comparison comparison;
  private final List<String> names;
  private final Markup page = new Markup();
  private final Charts charts = new Charts();

  private ComparePage(Comparison comparison, List<String> names) {
    this.comparison = comparison;
    this.names = names;
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
      chart(column, a.series(), b.series());
    }
    page.close();
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

  private void chart(String column, TimeSeries a, TimeSeries b) {
    boolean counts = !column.equals("unfinished");
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
    charts
        .time(column, counts ? "/s" : "", x.stream().mapToDouble(Double::doubleValue).toArray())
        .series(names.get(0), at(x, a, counts ? a.rate(column) : a.column(column)))
        .series(names.get(1), at(x, b, counts ? b.rate(column) : b.column(column)));
    page.open("div", "class", "chart", "data-chart", Integer.toString(charts.last())).close();
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
