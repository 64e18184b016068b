package dev.halfopen.report;

import dev.halfopen.app.Database;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.DatabaseSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A database: the slots of max_connections. */
final class DatabaseReport implements RoleReport<DatabaseSpec> {
  static final String MAX_CONNECTIONS = "max_connections";
  static final String SLOTS_AT_END = "slotsAtEnd";
  static final String SLOTS_PEAK = "slotsPeak";
  static final String FIRST_REFUSED_MS = "firstRefusedMs";
  private static final long MS_NS = 1_000_000;

  @Override
  public Class<DatabaseSpec> specType() {
    return DatabaseSpec.class;
  }

  @Override
  public List<Column> columns(Assembly.App app, DatabaseSpec spec, Assembly world) {
    Database db = (Database) app.app();
    return List.of(new Column(column(app), db::slots));
  }

  private static String column(Assembly.App app) {
    return app.host().name() + ".connections";
  }

  @Override
  public Map<String, Long> figures(Assembly.App app, DatabaseSpec spec, Assembly world) {
    Database db = (Database) app.app();
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("queries", db.queries());
    all.put(SLOTS_AT_END, (long) db.slots());
    all.put(SLOTS_PEAK, (long) db.slotsPeak());
    all.put("refused", db.refused());
    if (db.firstRefusedNs() >= 0) {
      all.put(FIRST_REFUSED_MS, db.firstRefusedNs() / MS_NS);
    }
    all.put("refusedWrites", db.refusedWrites());
    return all;
  }

  @Override
  public List<ResourceUse> resources(Assembly.App app, DatabaseSpec spec, Assembly world) {
    Database db = (Database) app.app();
    return List.of(
        new ResourceUse(
            MAX_CONNECTIONS,
            app.host().name(),
            app.name(),
            db.slotsPeak(),
            db.slotsMax(),
            db.slotsPeakAtNs(),
            "maxConnections less reservedConnections",
            column(app)));
  }
}
