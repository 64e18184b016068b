package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.RequestLoad;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Clients gave up while all connections of a pool, or all workers of an application server, were in
 * use: their timeout is the symptom. Read from the samples of {@link TimeTable}. Who waits for a
 * connection holds a worker, so that a pool is named before the workers that wait for it.
 */
final class OccupancyRule implements DiagnosisRule {
  /** Of the time in which the requests were due that clients gave up. */
  private static final double MOST = 0.75;

  /** Where a table has no such column. */
  private static final int NO_COLUMN = -1;

  private static final String CLIENT_TIMEOUT = "clientTimeout";
  private static final String POOL_TIMEOUT = "poolTimeout";

  /**
   * A limit of a host and how long it was reached.
   *
   * @param share of the samples
   * @param waitingPeak requests that waited for it at once
   */
  private record Occupied(
      String resource, String host, String app, long limit, double share, long waitingPeak) {
    String text() {
      String waits =
          waitingPeak == 0
              ? ""
              : ", " + Figures.grouped(waitingPeak) + " requests waited for one at the most";
      String things = resource.equals(LimitUse.WORKERS) ? " workers" : " connections";
      return host
          + " "
          + app
          + ": all "
          + Figures.grouped(limit)
          + things
          + " in use for "
          + Figures.percent(share)
          + " of the time in which requests were due that clients gave up"
          + waits;
    }
  }

  @Override
  public Optional<Diagnosis> examine(RunResult result, Ledger ledger) {
    Ledger.Taken taken = Ledger.Taken.NOTHING;
    Optional<Occupied> named = Optional.empty();
    String also = "";
    for (RequestLoad load : result.scenario().world().requestLoads()) {
      Optional<LoadResult> outcome = Expectations.load(result, load.name());
      if (outcome.isEmpty()) {
        continue;
      }
      Span failed = outcome.get().span(CLIENT_TIMEOUT).plus(outcome.get().span(POOL_TIMEOUT));
      List<HostSpec> servers = result.scenario().world().group(load.to());
      Optional<Occupied> pool = fullest(servers, h -> pools(h, result.timeTable(), failed));
      Optional<Occupied> workers = fullest(servers, h -> workers(h, result.timeTable(), failed));
      Optional<Occupied> here = pool.or(() -> workers);
      boolean isSame =
          named.isEmpty() || here.map(Occupied::resource).equals(named.map(Occupied::resource));
      if (failed.isNever() || here.isEmpty() || !isSame) {
        continue;
      }
      if (named.isEmpty()) {
        named = here;
        also = pool.isPresent() ? workers.map(w -> "; " + w.text()).orElse("") : "";
      }
      taken = taken.plus(take(outcome.get(), ledger, pool.isPresent()));
    }
    if (taken.isNothing() || named.isEmpty()) {
      return Optional.empty();
    }
    Occupied o = named.get();
    boolean isPool = !o.resource().equals(LimitUse.WORKERS);
    return Optional.of(
        Diagnosis.of(
            result,
            o.resource(),
            o.host(),
            o.app(),
            taken,
            o.text() + also,
            isPool
                ? "HikariPool stats: active = total, waiting > 0;  jstack: threads in"
                    + " HikariPool.getConnection;  access.log: status 499"
                : "busy threads at their maximum; requests queue in the application;  access.log:"
                    + " status 499"));
  }

  private static Ledger.Taken take(LoadResult load, Ledger ledger, boolean isPool) {
    Ledger.Taken gaveUp =
        ledger
            .take(CLIENT_TIMEOUT, load.failures().getOrDefault(CLIENT_TIMEOUT, 0L))
            .during(load.span(CLIENT_TIMEOUT));
    long refused = isPool ? load.failures().getOrDefault(POOL_TIMEOUT, 0L) : 0;
    return gaveUp
        .plus(ledger.take(POOL_TIMEOUT, refused).during(load.span(POOL_TIMEOUT)))
        .plus(
            ledger.take(
                Waiting.RESPONSE, load.waiting().getOrDefault(Waiting.RESPONSE.label(), 0L)));
  }

  /** That of all hosts that was full for longest, if for most of the time. */
  private static Optional<Occupied> fullest(
      List<HostSpec> hosts, Function<HostSpec, Stream<Occupied>> uses) {
    return hosts.stream()
        .flatMap(uses)
        .filter(o -> o.share() >= MOST)
        .max(Comparator.comparingDouble(Occupied::share));
  }

  /** A pool is short where somebody waits for one of its connections. */
  private static Stream<Occupied> pools(HostSpec host, TimeTable table, Span when) {
    return host.apps().stream()
        .filter(app -> app.spec() instanceof ConnectionPoolSpec)
        .map(
            app -> {
              String name = host.name() + "." + app.name();
              long limit = ((ConnectionPoolSpec) app.spec()).maximumPoolSize();
              int used = table.columns().indexOf(name + ConnectionPoolReport.IN_USE);
              int waiting = table.columns().indexOf(name + ConnectionPoolReport.WAITING);
              return occupied(
                  ConnectionPoolReport.POOL, host, app, limit, table, used, waiting, when);
            });
  }

  private static Stream<Occupied> workers(HostSpec host, TimeTable table, Span when) {
    return host.apps().stream()
        .filter(app -> app.spec() instanceof AppServerSpec)
        .map(
            app -> {
              String name = host.name() + "." + app.name() + AppServerReport.WORKERS;
              long limit = ((AppServerSpec) app.spec()).limits().workers();
              int used = table.columns().indexOf(name);
              return occupied(LimitUse.WORKERS, host, app, limit, table, used, NO_COLUMN, when);
            });
  }

  /**
   * Reads from the samples within a span how long a limit was reached.
   *
   * @param waiting the column of those who wait, without whom nothing is short; or NO_COLUMN
   */
  private static Occupied occupied(
      String resource,
      HostSpec host,
      AppPlace app,
      long limit,
      TimeTable table,
      int used,
      int waiting,
      Span when) {
    long peak = 0;
    int rows = 0;
    int full = 0;
    for (int i = 0; i < table.rowCount() && used != NO_COLUMN && limit > 0; i++) {
      if (table.timeNs(i) < when.firstNs() || table.timeNs(i) > when.lastNs()) {
        continue;
      }
      long waits = waiting == NO_COLUMN ? 0 : table.value(i, waiting);
      boolean isShort = table.value(i, used) >= limit && (waiting == NO_COLUMN || waits > 0);
      rows++;
      full += isShort ? 1 : 0;
      peak = Math.max(peak, waits);
    }
    double share = rows == 0 ? 0 : (double) full / rows;
    return new Occupied(resource, host.name(), app.name(), limit, share, peak);
  }
}
