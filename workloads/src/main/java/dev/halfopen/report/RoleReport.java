package dev.halfopen.report;

import dev.halfopen.scenario.AppSpec;
import dev.halfopen.scenario.Assembly;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a role of applications tells about itself in a run. One class for each role, named in {@link
 * RoleReports}; a role without one tells nothing.
 *
 * @param <S> the role's spec
 */
interface RoleReport<S extends AppSpec> {
  Class<S> specType();

  /** Columns of timeseries.csv; asked for once, before the run. */
  default List<Column> columns(Assembly.App app, S spec, Assembly world) {
    return List.of();
  }

  /** Counters at the end of the run, by name, in the order of summary.json. */
  default Map<String, Long> figures(Assembly.App app, S spec, Assembly world) {
    return Map.of();
  }

  /** How near its limited resources came to their limits. */
  default List<ResourceUse> resources(Assembly.App app, S spec, Assembly world) {
    return List.of();
  }

  /** A column and what stands in it at the instant of a sample. */
  record Column(String name, LongSupplier value) {}
}
