package dev.halfopen.report;

import dev.halfopen.app.DataSource;
import dev.halfopen.app.FailureCause;
import dev.halfopen.app.PoolStats;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.ConnectionPoolSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A connection pool: connections handed out, and why they broke. */
final class ConnectionPoolReport implements RoleReport<ConnectionPoolSpec> {
  static final String POOL = "connection pool";

  /** A figure: the most requests that waited for a connection at once. */
  static final String WAITING_PEAK = "waitingPeak";

  /** A figure: connections that the database refused as it had no slot left. */
  static final String REFUSED = "creationFailures." + FailureCause.TOO_MANY_CLIENTS.label();

  // What the columns of a pool end with.
  static final String IN_USE = ".inUse";
  static final String SIZE = ".size";
  static final String WAITING = ".waiting";

  static final List<String> COLUMNS = List.of(IN_USE, SIZE, WAITING);

  @Override
  public Class<ConnectionPoolSpec> specType() {
    return ConnectionPoolSpec.class;
  }

  @Override
  public List<Column> columns(Assembly.App app, ConnectionPoolSpec spec, Assembly world) {
    DataSource pool = (DataSource) app.app();
    String name = app.host().name() + "." + app.name();
    return List.of(
        new Column(name + IN_USE, pool::inUse),
        new Column(name + SIZE, pool::size),
        new Column(name + WAITING, pool::waiting));
  }

  @Override
  public Map<String, Long> figures(Assembly.App app, ConnectionPoolSpec spec, Assembly world) {
    PoolStats stats = ((DataSource) app.app()).stats();
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("created", stats.created());
    all.put("borrows", stats.borrows());
    all.put("timeouts", stats.timeouts());
    all.put(WAITING_PEAK, (long) stats.waitingPeak());
    all.put("validations", stats.validations());
    all.put("failedValidations", stats.failedValidations());
    for (FailureCause cause : FailureCause.values()) {
      put(all, "creationFailures." + cause.label(), stats.creationFailures(cause));
      put(all, "brokenQueries." + cause.label(), stats.brokenQueries(cause));
      put(all, "brokenIdle." + cause.label(), stats.brokenIdle(cause));
    }
    return all;
  }

  private static void put(Map<String, Long> all, String key, long value) {
    if (value > 0) {
      all.put(key, value);
    }
  }

  @Override
  public List<ResourceUse> resources(Assembly.App app, ConnectionPoolSpec spec, Assembly world) {
    PoolStats stats = ((DataSource) app.app()).stats();
    return List.of(
        new ResourceUse(
            POOL,
            app.host().name(),
            app.name(),
            stats.activePeak(),
            spec.maximumPoolSize(),
            stats.activePeakAtNs(),
            "maximumPoolSize",
            app.host().name() + "." + app.name() + IN_USE));
  }
}
