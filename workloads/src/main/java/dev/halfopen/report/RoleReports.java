package dev.halfopen.report;

import dev.halfopen.scenario.AppSpec;
import dev.halfopen.scenario.Assembly;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reports of all roles; a new one is a line here. */
final class RoleReports {
  private static final List<RoleReport<?>> ALL = List.of(new ReverseProxyReport());

  private RoleReports() {}

  /** Columns of all applications, each name once. */
  static List<RoleReport.Column> columns(Assembly world) {
    Map<String, RoleReport.Column> all = new LinkedHashMap<>();
    for (Assembly.App app : world.apps()) {
      of(app.spec())
          .ifPresent(r -> columns(r, app, world).forEach(c -> all.putIfAbsent(c.name(), c)));
    }
    return List.copyOf(all.values());
  }

  /** Figures of all applications that have some, by "host/application". */
  static Map<String, Map<String, Long>> figures(Assembly world) {
    Map<String, Map<String, Long>> all = new LinkedHashMap<>();
    for (Assembly.App app : world.apps()) {
      Map<String, Long> figures = of(app.spec()).map(r -> figures(r, app, world)).orElse(Map.of());
      if (!figures.isEmpty()) {
        all.put(app.host().name() + "/" + app.name(), figures);
      }
    }
    return all;
  }

  /** Resources of all applications. */
  static List<ResourceUse> resources(Assembly world) {
    List<ResourceUse> all = new ArrayList<>();
    for (Assembly.App app : world.apps()) {
      of(app.spec()).ifPresent(r -> all.addAll(resources(r, app, world)));
    }
    return all;
  }

  private static Optional<RoleReport<?>> of(AppSpec spec) {
    return ALL.stream().filter(r -> r.specType().isInstance(spec)).findFirst();
  }

  private static <S extends AppSpec> List<RoleReport.Column> columns(
      RoleReport<S> report, Assembly.App app, Assembly world) {
    return report.columns(app, report.specType().cast(app.spec()), world);
  }

  private static <S extends AppSpec> Map<String, Long> figures(
      RoleReport<S> report, Assembly.App app, Assembly world) {
    return report.figures(app, report.specType().cast(app.spec()), world);
  }

  private static <S extends AppSpec> List<ResourceUse> resources(
      RoleReport<S> report, Assembly.App app, Assembly world) {
    return report.resources(app, report.specType().cast(app.spec()), world);
  }
}
