package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.WorldSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A thread waits for the answer to a query that the dead database had acknowledged: nothing is in
 * flight, so no timer of TCP runs, and only SO_KEEPALIVE or a timeout of the driver would end it.
 * Its client has given up, or waits as well.
 */
final class IdleReaderRule implements DiagnosisRule {
  static final String RESOURCE = "idle reader without keepalive";

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    Map<String, Long> byHost = hanging(result);
    long hanging = byHost.values().stream().mapToLong(Long::longValue).sum();
    if (hanging == 0) {
      return List.of();
    }
    Ledger.Taken taken = Ledger.Taken.NOTHING;
    for (Map.Entry<String, Long> here : byHost.entrySet()) {
      taken = taken.plus(take(result, here.getKey(), here.getValue(), ledger));
    }
    return List.of(
        new Diagnosis(
            RESOURCE,
            most(byHost),
            "",
            result.scenario().world().breakdownNs().orElse(firstEnd(result)),
            result.endNs(),
            taken.failed(),
            taken.unfinished(),
            Figures.count(hanging, "thread waits", "threads wait")
                + " for answers to queries that were acknowledged before their peer"
                + " died: nothing is in flight, and no timer of TCP runs",
            "ss -tno: ESTAB to the dead address, no timer;  ss -ti: lastrcv grows;  jstack:"
                + " SocketInputStream.socketRead0"));
  }

  private static long firstEnd(RunResult result) {
    return dev.halfopen.scenario.Outages.of(result.scenario().world()).ends().stream()
        .mapToLong(e -> e.atNs())
        .min()
        .orElse(0);
  }

  /** Requests that went to that host, or to a proxy before it. */
  private static Ledger.Taken take(RunResult result, String host, long hanging, Ledger ledger) {
    WorldSpec world = result.scenario().world();
    Predicate<Ledger.Entry> goesThere =
        e ->
            e.server().equals(host)
                || world.host(e.server()).stream()
                    .flatMap(h -> h.apps(ReverseProxySpec.class).stream())
                    .flatMap(p -> world.group(p.upstream().toGroup()).stream())
                    .anyMatch(h -> h.name().equals(host));
    Ledger.Taken gaveUp = ledger.take(Shortages.CLIENT_TIMEOUT, hanging, goesThere);
    return gaveUp.plus(ledger.take(Waiting.RESPONSE, hanging - gaveUp.failed(), goesThere));
  }

  /** Such threads by the application's host. */
  private static Map<String, Long> hanging(RunResult result) {
    String key =
        BreakdownTable.PREFIX
            + Breakdown.label(Breakdown.ACKNOWLEDGED)
            + "/"
            + BreakdownTable.UNFINISHED;
    Map<String, Long> byHost = new LinkedHashMap<>();
    result
        .apps()
        .forEach(
            (app, figures) -> {
              long here = figures.getOrDefault(key, 0L);
              if (here > 0) {
                byHost.merge(app.split("/", 2)[0], here, Long::sum);
              }
            });
    return byHost;
  }

  /** The one with most of them. */
  private static String most(Map<String, Long> byHost) {
    String host = "";
    for (Map.Entry<String, Long> here : byHost.entrySet()) {
      if (here.getValue() > byHost.getOrDefault(host, 0L)) {
        host = here.getKey();
      }
    }
    return host;
  }
}
