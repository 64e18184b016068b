package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.Mib;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Connections were tried to an address where nobody is any more. */
final class DeadAddressRule implements DiagnosisRule {
  private static final String CLIENT_TIMEOUT = "clientTimeout";

  static final String RESOURCE = "connection attempts on a dead address";

  /** What the network or the neighbour table says by itself. */
  private static final List<String> UNREACHABLE = List.of("EHOSTUNREACH", "ENETUNREACH");

  /** What is left of silence: to be put down to a dead address that was connected to. */
  private static final List<String> SILENT = List.of("connectTimeout", "ETIMEDOUT");

  /** A host that repeated SYNs, and where it connects to a host that had lost its power. */
  private record Attempts(HostResult from, Outages.End to) {}

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    Ledger.Taken taken = ledger.take(UNREACHABLE, List.of());
    Optional<Attempts> attempts = attempts(result);
    if (attempts.isPresent()) {
      taken = taken.plus(ledger.take(SILENT, List.of()));
      String dead = attempts.get().to().host();
      WorldSpec world = result.scenario().world();
      taken =
          taken.plus(
              ledger.take(Waiting.CONNECT, Long.MAX_VALUE, e -> world.overlap(dead, e.server())));
      taken = taken.plus(impatience(result, attempts.get().to().host(), ledger));
    }
    if (taken.isNothing()) {
      return List.of();
    }
    if (attempts.isPresent()) {
      // A request that was sent before meets the dead address when it is repeated.
      taken = taken.during(taken.span().from(attempts.get().to().atNs()));
    }
    Optional<HostResult> trying =
        attempts.map(Attempts::from).or(() -> result.hostWithMost(Mib.SYN_RETRANS));
    String where =
        attempts
            .map(Attempts::to)
            .map(d -> d.host() + ", which is gone since " + Figures.secondsText(d.atNs()))
            .orElse("an address where nobody is");
    long repeated = trying.map(h -> h.counter(Mib.SYN_RETRANS)).orElse(0L);
    return List.of(
        Diagnosis.of(
            result,
            RESOURCE,
            trying.map(HostResult::name).orElse(result.scenario().world().loads().get(0).to()),
            attempts.map(a -> "-> " + a.to().host()).orElse(""),
            taken,
            "connections were tried to "
                + where
                + "; "
                + Figures.count(repeated, "SYN was", "SYNs were")
                + " repeated without an answer",
            "ss -Htan state syn-sent;  nstat TcpExtTCPSynRetrans "
                + Figures.grouped(repeated)
                + ";  application log: connect timed out, or No route to host;  ip neigh:"
                + " FAILED"));
  }

  /** Of the host that repeated most SYNs among those that connect to a host that went away. */
  private static Optional<Attempts> attempts(RunResult result) {
    WorldSpec world = result.scenario().world();
    List<Outages.End> dead =
        Outages.of(world).ends().stream()
            .filter(e -> e.powerLoss() && e.atNs() < result.endNs())
            .sorted(Comparator.comparingLong(Outages.End::atNs))
            .toList();
    Optional<Attempts> most = Optional.empty();
    long mostRepeated = 0;
    for (HostResult host : result.hosts()) {
      long repeated = host.counter(Mib.SYN_RETRANS);
      Optional<Outages.End> gone =
          dead.stream().filter(e -> connects(world, host.spec(), e.host())).findFirst();
      if (repeated > mostRepeated && gone.isPresent()) {
        mostRepeated = repeated;
        most = Optional.of(new Attempts(host, gone.get()));
      }
    }
    return most;
  }

  /** Whether a host's loads, pools or proxies open connections to that one. */
  private static boolean connects(WorldSpec world, HostSpec from, String to) {
    for (RequestLoad load : world.requestLoads()) {
      if (world.group(load.from()).contains(from) && world.overlap(to, load.to())) {
        return true;
      }
    }
    for (ConnectionPoolSpec pool : from.apps(ConnectionPoolSpec.class)) {
      if (world.overlap(to, world.target(pool.to()))) {
        return true;
      }
    }
    return from.apps(ReverseProxySpec.class).stream()
        .anyMatch(p -> world.overlap(to, p.upstream().toGroup()));
  }

  /**
   * Clients that gave up before their kernel did, where they or their proxy asked the dead host.
   */
  private static Ledger.Taken impatience(RunResult result, String dead, Ledger ledger) {
    WorldSpec world = result.scenario().world();
    Ledger.Taken taken = Ledger.Taken.NOTHING;
    for (RequestLoad load : world.requestLoads()) {
      boolean asks =
          load.to().equals(dead)
              || world.group(load.to()).get(0).apps(ReverseProxySpec.class).stream()
                  .anyMatch(p -> p.upstream().toGroup().equals(dead));
      Optional<LoadResult> outcome = Expectations.load(result, load.name());
      if (asks && outcome.isPresent()) {
        long failed = outcome.get().failures().getOrDefault(CLIENT_TIMEOUT, 0L);
        taken =
            taken.plus(
                ledger.take(CLIENT_TIMEOUT, failed).during(outcome.get().span(CLIENT_TIMEOUT)));
      }
    }
    return taken;
  }
}
