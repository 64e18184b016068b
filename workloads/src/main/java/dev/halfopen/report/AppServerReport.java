package dev.halfopen.report;

import dev.halfopen.app.AppServer;
import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.Assembly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An application server: its workers, and what became of requests by their connections. */
final class AppServerReport implements RoleReport<AppServerSpec> {
  /** What the column of busy workers ends with. */
  static final String WORKERS = ".workers";

  private static final long MS_NS = 1_000_000;

  @Override
  public Class<AppServerSpec> specType() {
    return AppServerSpec.class;
  }

  @Override
  public List<Column> columns(Assembly.App app, AppServerSpec spec, Assembly world) {
    AppServer server = (AppServer) app.app();
    return List.of(new Column(column(app), server::busy));
  }

  private static String column(Assembly.App app) {
    return app.host().name() + "." + app.name() + WORKERS;
  }

  @Override
  public Map<String, Long> figures(Assembly.App app, AppServerSpec spec, Assembly world) {
    AppServer server = (AppServer) app.app();
    server.finish();
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("requests", server.requests());
    all.put("busyAtEnd", (long) server.busy());
    all.put("busyPeak", (long) server.busyPeak());
    all.put("waitingPeak", (long) server.waitingPeak());
    all.put("answeredNobody", server.answeredNobody());
    if (server.breakdown().markNs() >= 0) {
      breakdown(server.breakdown(), all);
    }
    return all;
  }

  /** {@link BreakdownTable} reads these again. */
  private static void breakdown(Breakdown b, Map<String, Long> all) {
    all.put(BreakdownTable.PREFIX + BreakdownTable.AT_MS, b.markNs() / MS_NS);
    for (int cls = 0; cls < Breakdown.CLASSES; cls++) {
      String key = BreakdownTable.PREFIX + Breakdown.label(cls) + "/";
      all.put(key + BreakdownTable.SERVED, b.atMark(cls));
      all.put(key + BreakdownTable.UNFINISHED, b.unfinished(cls));
      for (FailureCause cause : FailureCause.values()) {
        if (b.ended(cls, cause) > 0) {
          String end = key + BreakdownTable.end(cause) + "/";
          all.put(end + BreakdownTable.COUNT, b.ended(cls, cause));
          all.put(end + BreakdownTable.LEAST_MS, b.leastNs(cls, cause) / MS_NS);
          all.put(end + BreakdownTable.MOST_MS, b.mostNs(cls, cause) / MS_NS);
        }
      }
      for (int bin = 0; bin < Breakdown.bins(); bin++) {
        if (b.took(cls, bin) > 0) {
          all.put(key + BreakdownTable.TOOK_MS + Breakdown.leastMs(bin), b.took(cls, bin));
        }
      }
    }
  }

  @Override
  public List<ResourceUse> resources(Assembly.App app, AppServerSpec spec, Assembly world) {
    AppServer server = (AppServer) app.app();
    if (spec.limits().threads() == 0) {
      return List.of();
    }
    return List.of(
        new ResourceUse(
            "workers",
            app.host().name(),
            app.name(),
            server.busyPeak(),
            spec.limits().threads(),
            server.busyPeakAtNs(),
            "workers",
            column(app)));
  }
}
