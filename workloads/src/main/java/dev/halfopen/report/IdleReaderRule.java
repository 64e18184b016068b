package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.Waiting;
import java.util.Map;
import java.util.Optional;

/**
 * A thread waits for the answer to a query that the dead database had acknowledged: nothing is in
 * flight, so no timer of TCP runs, and only SO_KEEPALIVE or a timeout of the driver would end it.
 * Its client has given up, or waits as well.
 */
final class IdleReaderRule implements DiagnosisRule {
  static final String RESOURCE = "idle reader without keepalive";

  @Override
  public Optional<Diagnosis> examine(RunResult result, Ledger ledger) {
    long hanging = BreakdownTable.of(result).unfinished(Breakdown.ACKNOWLEDGED);
    if (hanging == 0) {
      return Optional.empty();
    }
    Ledger.Taken gaveUp = ledger.take("clientTimeout", hanging);
    Ledger.Taken taken = gaveUp.plus(ledger.take(Waiting.RESPONSE, hanging - gaveUp.failed()));
    return Optional.of(
        new Diagnosis(
            RESOURCE,
            host(result),
            "",
            result.scenario().world().breakdownNs().orElse(firstEnd(result)),
            result.endNs(),
            taken.failed(),
            taken.unfinished(),
            Figures.grouped(hanging)
                + " threads wait for answers to queries that were acknowledged before their peer"
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

  /** The application's host with most of them. */
  private static String host(RunResult result) {
    String key =
        BreakdownTable.PREFIX
            + Breakdown.label(Breakdown.ACKNOWLEDGED)
            + "/"
            + BreakdownTable.UNFINISHED;
    String host = "";
    long most = 0;
    for (Map.Entry<String, Map<String, Long>> app : result.apps().entrySet()) {
      long here = app.getValue().getOrDefault(key, 0L);
      if (here > most) {
        most = here;
        host = app.getKey().split("/", 2)[0];
      }
    }
    return host;
  }
}
