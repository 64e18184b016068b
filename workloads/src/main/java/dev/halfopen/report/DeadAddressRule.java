package dev.halfopen.report;

import dev.halfopen.app.Waiting;
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

  /** What is left of silence: to be put down to a dead address where a host had lost its power. */
  private static final List<String> SILENT = List.of("connectTimeout", "ETIMEDOUT");

  @Override
  public Optional<Diagnosis> examine(RunResult result, Ledger ledger) {
    Ledger.Taken taken = ledger.take(UNREACHABLE, List.of());
    Optional<Outages.End> dead =
        Outages.of(result.scenario().world()).ends().stream()
            .filter(Outages.End::powerLoss)
            .min(Comparator.comparingLong(Outages.End::atNs));
    Optional<HostResult> trying =
        result.hosts().stream()
            .filter(h -> h.counter(Mib.SYN_RETRANS) > 0)
            .max(Comparator.comparingLong(h -> h.counter(Mib.SYN_RETRANS)));
    if (dead.isPresent() && trying.isPresent()) {
      taken = taken.plus(ledger.take(SILENT, List.of(Waiting.CONNECT)));
      taken = taken.plus(impatience(result, dead.get().host(), ledger));
    }
    if (taken.isNothing()) {
      return Optional.empty();
    }
    String where =
        dead.map(d -> d.host() + ", which is gone since " + Figures.secondsText(d.atNs()))
            .orElse("an address where nobody is");
    long repeated = trying.map(h -> h.counter(Mib.SYN_RETRANS)).orElse(0L);
    return Optional.of(
        Diagnosis.of(
            result,
            RESOURCE,
            trying.map(HostResult::name).orElse(result.scenario().world().loads().get(0).to()),
            dead.map(d -> "-> " + d.host()).orElse(""),
            taken,
            "connections were tried to "
                + where
                + "; "
                + Figures.grouped(repeated)
                + " SYNs were repeated without an answer",
            "ss -Htan state syn-sent;  nstat TcpExtTCPSynRetrans "
                + Figures.grouped(repeated)
                + ";  application log: connect timed out, or No route to host;  ip neigh:"
                + " FAILED"));
  }

  /**
   * Clients that gave up before their kernel did, where they or their proxy asked the dead host.
   */
  private static Ledger.Taken impatience(RunResult result, String dead, Ledger ledger) {
    WorldSpec world = result.scenario().world();
    Ledger.Taken taken = new Ledger.Taken(0, 0);
    for (RequestLoad load : world.requestLoads()) {
      boolean asks =
          load.to().equals(dead)
              || world.group(load.to()).get(0).apps(ReverseProxySpec.class).stream()
                  .anyMatch(p -> p.upstream().toGroup().equals(dead));
      Optional<LoadResult> outcome = Expectations.load(result, load.name());
      if (asks && outcome.isPresent()) {
        long failed = outcome.get().failures().getOrDefault(CLIENT_TIMEOUT, 0L);
        taken = taken.plus(ledger.take(CLIENT_TIMEOUT, failed));
      }
    }
    return taken;
  }
}
