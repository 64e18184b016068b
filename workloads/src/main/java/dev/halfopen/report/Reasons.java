package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Mishap;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.Mib;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known to have gone wrong that leads to requests at a host getting no further: at that
 * host, on the way to it, or, where that host itself waits for others, there.
 */
final class Reasons {
  /** Hosts behind each other: client, proxy, application, database. */
  private static final int DEEPEST = 4;

  private final RunResult result;
  private final WorldSpec world;

  Reasons(RunResult result) {
    this.result = result;
    this.world = result.scenario().world();
  }

  /**
   * Something that went wrong.
   *
   * @param host where
   * @param most requests that it explains, at most
   * @param toNs Long.MAX_VALUE: to the end
   */
  record Reason(String host, String text, long most, long fromNs, long toNs) {
    private Reason atMost(long requests) {
      return new Reason(host, text, Math.min(most, requests), fromNs, toNs);
    }

    private Reason plus(Reason other) {
      String both = text.contains(other.text) ? text : text + "; " + other.text;
      return new Reason(
          host,
          both,
          most + other.most,
          Math.min(fromNs, other.fromNs),
          Math.max(toNs, other.toNs));
    }
  }

  /**
   * Why requests from one host still wait at another when the run ends.
   *
   * @param from name of a host or a group
   * @param due from the first to the last
   */
  Optional<Reason> whyTheyWait(String from, String host, Waiting kind, Span due) {
    return whyTheyWait(from, host, kind, new Span(due.firstNs(), result.endNs()), DEEPEST);
  }

  private Optional<Reason> whyTheyWait(
      String from, String host, Waiting kind, Span when, int deepest) {
    if (kind != Waiting.RESPONSE) {
      return mishap(from, host, when, true);
    }
    return mishap(from, host, when, false)
        .or(() -> queued(host))
        .or(() -> behind(host, when, deepest - 1));
  }

  /** Where the requests at a host wait in their turn. */
  private Optional<Reason> behind(String host, Span when, int deepest) {
    Optional<Reason> all = Optional.empty();
    for (HostWaits waits : result.facilities().waits()) {
      if (!waits.host().equals(host) || deepest == 0) {
        continue;
      }
      if (waits.queued() > 0) {
        String text = "all workers or pooled connections of " + host + " were in use at the end";
        all = plus(all, new Reason(host, text, waits.all(), when.firstNs(), Long.MAX_VALUE));
        continue;
      }
      for (HostWaits.On on : waits.on()) {
        Optional<Reason> there = whyTheyWait(host, on.host(), on.kind(), when, deepest);
        if (there.isPresent()) {
          all = plus(all, there.get().atMost(on.requests()));
        }
      }
    }
    return all;
  }

  private static Optional<Reason> plus(Optional<Reason> all, Reason one) {
    return Optional.of(all.map(a -> a.plus(one)).orElse(one));
  }

  /**
   * Why clients gave up that waited at a host.
   *
   * @param when from the first intended start to when the last one gave up
   */
  Optional<Reason> whyTheyGaveUp(String from, String host, Span when) {
    return whyTheyGaveUp(from, host, when, DEEPEST);
  }

  private Optional<Reason> whyTheyGaveUp(String from, String host, Span when, int deepest) {
    return mishap(from, host, when, false)
        .or(() -> busy(host))
        .or(() -> queued(host))
        .or(() -> deepest == 1 ? Optional.empty() : lostBehind(host, when, deepest - 1));
  }

  /** At the upstreams of a proxy, as many as it lost there; at the databases of pools. */
  private Optional<Reason> lostBehind(String host, Span when, int deepest) {
    Optional<Reason> all = Optional.empty();
    for (LostRequests lost : result.facilities().lost()) {
      if (lost.proxy().equals(host) && lost.cause().equals(Shortages.CLIENT_TIMEOUT)) {
        Optional<Reason> there = whyTheyGaveUp(host, lost.upstream(), when, deepest);
        if (there.isPresent()) {
          all = plus(all, there.get().atMost(result.facilities().lostAtMost(lost)));
        }
      }
    }
    return all.or(
        () ->
            databases(host)
                .flatMap(db -> whyTheyGaveUp(host, db, when, deepest).stream())
                .findFirst());
  }

  /** Hosts that the pools of a host ask, by their own name or by one that a resolver knows. */
  private Stream<String> databases(String host) {
    return world.host(host).stream()
        .filter(h -> h.hasApp(AppServerSpec.class))
        .flatMap(h -> h.apps(ConnectionPoolSpec.class).stream())
        .flatMap(pool -> world.group(world.target(pool.to())).stream())
        .map(HostSpec::name)
        .distinct();
  }

  // ---- what is on record

  /** A fault of one of the hosts, or between them, where segments were sent again. */
  private Optional<Reason> mishap(String from, String host, Span when, boolean isSilent) {
    boolean repeated = repeats(from) || repeats(host);
    return Mishap.of(world).stream()
        .filter(m -> m.concerns(world, from, host))
        .filter(m -> m.isSilent() ? repeated || m.b().isEmpty() : !isSilent)
        .filter(m -> m.fromNs() <= when.lastNs() && m.toNs() >= when.firstNs())
        .findFirst()
        .map(m -> new Reason(host, m.text(), Long.MAX_VALUE, m.fromNs(), m.toNs()));
  }

  private boolean repeats(String name) {
    return world.group(name).stream()
        .flatMap(h -> result.host(h.name()).stream())
        .anyMatch(h -> h.counter(Mib.RETRANS_SEGS) > 0);
  }

  /** An accept queue was full: who is in it is connected, and nobody reads the request. */
  private Optional<Reason> queued(String host) {
    return result
        .facilities()
        .limit(LimitUse.ACCEPT_QUEUE, host)
        .filter(l -> l.refusals() > 0)
        .map(l -> l.use())
        .map(use -> ever(host, "the accept queue of " + host + " was full", use.atNs()));
  }

  /**
   * All workers of an application server were busy. A plain server counts who had to wait for one:
   * {@link Shortages}.
   */
  private Optional<Reason> busy(String host) {
    return result.appResources().stream()
        .filter(r -> r.host().equals(host) && r.resource().equals(LimitUse.WORKERS))
        .filter(r -> r.limit() > 0 && r.share() >= 1)
        .findFirst()
        .map(r -> ever(host, "all workers of " + host + " were busy", r.atNs()));
  }

  private static Reason ever(String host, String text, long fromNs) {
    return new Reason(host, text, Long.MAX_VALUE, fromNs, Long.MAX_VALUE);
  }
}
