package dev.halfopen.report.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * What a sweep is to do.
 *
 * @param question of the scenario, may be ""
 * @param measures what is kept of every run
 * @param shown those of them that the report shows
 * @param scenario text that is the same for the same scenario and options
 */
public record SweepPlan(
    String name,
    String question,
    Grid grid,
    List<Long> seeds,
    List<Measure> measures,
    List<Measure> shown,
    String scenario) {
  public SweepPlan {
    seeds = List.copyOf(seeds);
    measures = List.copyOf(measures);
    shown = List.copyOf(shown);
  }

  /** A run: a point of the grid and a seed. */
  public record Run(Point point, long seed) {}

  /** All runs, the seeds of a point one after another. */
  public List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (Point point : grid.points()) {
      seeds.forEach(seed -> runs.add(new Run(point, seed)));
    }
    return runs;
  }

  /** The head of results.csv. */
  List<String> columns() {
    List<String> columns = new ArrayList<>(List.of("point"));
    columns.addAll(grid.keys().keySet());
    columns.add("seed");
    measures.forEach(m -> columns.add(m.column()));
    columns.addAll(List.of("verdict", "tightest resource", "tightest share", "digest", "error"));
    return columns;
  }

  /** A line of results.csv. */
  List<String> cells(RunRow row, Point point) {
    List<String> cells = new ArrayList<>(List.of(Integer.toString(row.point())));
    cells.addAll(point.settings().values());
    cells.add(Long.toString(row.seed()));
    cells.addAll(row.values());
    cells.addAll(
        List.of(row.verdict(), row.tightest(), row.tightestShare(), row.digest(), row.error()));
    return cells;
  }

  /** Tells one sweep from another: results may be continued or merged only within one. */
  String identity() {
    StringBuilder out = new StringBuilder("halfopen sweep 1\n").append(name).append('\n');
    grid.keys().forEach((k, v) -> out.append(k).append(" = ").append(v).append('\n'));
    out.append("seeds ").append(seeds).append('\n');
    measures.forEach(m -> out.append(m.column()).append('\n'));
    return out.append(scenario).toString();
  }
}
