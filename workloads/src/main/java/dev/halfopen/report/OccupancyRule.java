package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.HostSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  private static final String CLIENT_TIMEOUT = Shortages.CLIENT_TIMEOUT;
  private static final String POOL_TIMEOUT = "poolTimeout";

  /**
   * A limit of a host and how long it was reached.
   *
   * @param share of the samples
   * @param waitingPeak requests that waited for it at once
   * @param refused connections of the pool that the database refused as it had no slot left
   */
  private record Occupied(
      String resource,
      String host,
      String app,
      long limit,
      double share,
      long waitingPeak,
      long refused) {
    String text() {
      String waits =
          waitingPeak == 0
              ? ""
              : ", "
                  + Figures.count(waitingPeak, "request", "requests")
                  + " waited for one at the most";
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
          + waits
          + (refused == 0
              ? ""
              : "; the database refused it "
                  + Figures.grouped(refused)
                  + " more as all slots were taken");
    }
  }

  /**
   * Requests of a load that clients gave up, or that a pool turned away, at one host.
   *
   * @param server that the load knows: the host, or the proxy before it
   * @param givenUp at the most
   */
  private record Group(HostSpec host, LoadResult load, String server, Span when, long givenUp) {
    boolean has(Ledger.Entry entry) {
      return entry.isOf(load.name()) && entry.server().equals(server);
    }
  }

  /** What was full, and what it explains. */
  private record Found(Occupied full, String also, Ledger.Taken taken) {
    Found plus(Found other) {
      return new Found(full, also, taken.plus(other.taken));
    }
  }

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    Map<String, Found> found = new LinkedHashMap<>();
    for (Group group : groups(result)) {
      TimeTable table = result.timeTable();
      Optional<Occupied> pool = fullest(pools(group.host(), result, group.when()));
      Optional<Occupied> workers = fullest(workers(group.host(), table, group.when()));
      Optional<Occupied> full = pool.or(() -> workers);
      if (full.isPresent()) {
        Occupied o = full.get();
        String also = pool.isPresent() ? workers.map(w -> "; " + w.text()).orElse("") : "";
        Found here = new Found(o, also, take(group, ledger, pool.isPresent()));
        found.merge(o.resource() + " " + o.host() + " " + o.app(), here, Found::plus);
      }
    }
    return found.values().stream()
        .filter(f -> !f.taken().isNothing())
        .map(f -> diagnosis(result, f))
        .toList();
  }

  private static List<Group> groups(RunResult result) {
    List<Group> all = new ArrayList<>();
    for (LoadResult load : result.loads()) {
      for (LoadResult.AtServer at : load.servers()) {
        LoadResult.Fate gaveUp = at.failures().get(CLIENT_TIMEOUT);
        LoadResult.Fate refused = at.failures().get(POOL_TIMEOUT);
        Span when = span(gaveUp).plus(span(refused));
        if (when.isNever()) {
          continue;
        }
        result
            .scenario()
            .world()
            .host(at.host())
            .ifPresent(h -> all.add(new Group(h, load, at.host(), when, Long.MAX_VALUE)));
        for (LostRequests lost : result.facilities().lost()) {
          if (gaveUp != null
              && lost.proxy().equals(at.host())
              && lost.cause().equals(CLIENT_TIMEOUT)) {
            HostSpec upstream = result.scenario().world().host(lost.upstream()).orElseThrow();
            long most = result.facilities().lostAtMost(lost);
            all.add(new Group(upstream, load, at.host(), lost.when(), most));
          }
        }
      }
    }
    return all;
  }

  private static Span span(LoadResult.@Nullable Fate fate) {
    return fate == null ? Span.NEVER : fate.due();
  }

  private static Diagnosis diagnosis(RunResult result, Found found) {
    Occupied o = found.full();
    boolean isPool = !o.resource().equals(LimitUse.WORKERS);
    String text = o.text() + found.also();
    if (o.refused() > 0) {
      return CauseRule.MAX_CONNECTIONS.told(result, found.taken(), text);
    }
    return Diagnosis.of(
        result,
        o.resource(),
        o.host(),
        o.app(),
        found.taken(),
        text + waitsForTheLost(result, o.host()),
        isPool
            ? "HikariPool stats: active = total, waiting > 0;  jstack: threads in"
                + " HikariPool.getConnection;  access.log: status 499"
            : "busy threads at their maximum; requests queue in the application;  access.log:"
                + " status 499");
  }

  /** Connections of a host that are in use for ever, since their peer has gone. */
  private static String waitsForTheLost(RunResult result, String host) {
    Reasons reasons = new Reasons(result);
    Map<String, Long> lost = new LinkedHashMap<>();
    for (HostWaits waits : result.facilities().waits()) {
      for (HostWaits.On on : waits.on()) {
        Span when = new Span(0, result.endNs());
        if (waits.host().equals(host)) {
          reasons
              .whyTheyWait(host, on.host(), on.kind(), when)
              .ifPresent(r -> lost.merge(on.host() + ": " + r.text(), on.requests(), Long::sum));
        }
      }
    }
    StringBuilder all = new StringBuilder();
    lost.forEach(
        (why, n) ->
            all.append("; at the end ")
                .append(Figures.grouped(n))
                .append(" wait for ")
                .append(why));
    return all.toString();
  }

  private static Ledger.Taken take(Group group, Ledger ledger, boolean isPool) {
    Ledger.Taken gaveUp = ledger.take(CLIENT_TIMEOUT, group.givenUp(), group::has);
    if (!group.host().name().equals(group.server())) {
      return gaveUp.during(group.when());
    }
    long refused = isPool ? Long.MAX_VALUE : 0;
    return gaveUp
        .plus(ledger.take(POOL_TIMEOUT, refused, group::has))
        .plus(ledger.take(Waiting.RESPONSE, Long.MAX_VALUE, group::has));
  }

  /** The one that was full for longest, if for most of the time. */
  private static Optional<Occupied> fullest(Stream<Occupied> uses) {
    return uses.filter(o -> o.share() >= MOST).max(Comparator.comparingDouble(Occupied::share));
  }

  /**
   * A pool is short where somebody waits for one of its connections: for one of all that it may
   * have, or, where the database refuses it more, of those that it has.
   */
  private static Stream<Occupied> pools(HostSpec host, RunResult result, Span when) {
    return host.apps().stream()
        .filter(app -> app.spec() instanceof ConnectionPoolSpec)
        .map(app -> pool(host, app, result, when));
  }

  private static Occupied pool(HostSpec host, AppPlace app, RunResult result, Span when) {
    TimeTable table = result.timeTable();
    String name = host.name() + "." + app.name();
    int used = table.columns().indexOf(name + ConnectionPoolReport.IN_USE);
    int waiting = table.columns().indexOf(name + ConnectionPoolReport.WAITING);
    long limit = ((ConnectionPoolSpec) app.spec()).maximumPoolSize();
    Occupied whole =
        occupied(ConnectionPoolReport.POOL, host, app, limit, table, used, waiting, when);
    long refused =
        result
            .apps()
            .getOrDefault(host.name() + "/" + app.name(), Map.of())
            .getOrDefault(ConnectionPoolReport.REFUSED, 0L);
    if (refused == 0 || whole.share() > 0) {
      return whole;
    }
    long had = most(table, used, when);
    Occupied part = occupied(ConnectionPoolReport.POOL, host, app, had, table, used, waiting, when);
    return new Occupied(
        CauseRule.MAX_CONNECTIONS.resource(),
        part.host(),
        part.app(),
        had,
        part.share(),
        part.waitingPeak(),
        refused);
  }

  private static long most(TimeTable table, int column, Span when) {
    long most = 0;
    for (int i = 0; i < table.rowCount() && column != NO_COLUMN; i++) {
      if (table.timeNs(i) >= when.firstNs() && table.timeNs(i) <= when.lastNs()) {
        most = Math.max(most, table.value(i, column));
      }
    }
    return most;
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
    return new Occupied(resource, host.name(), app.name(), limit, share, peak, 0);
  }
}
