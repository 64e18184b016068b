package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.RequestLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which limit of a host explains how many failed requests. A client cannot tell why its SYN was not
 * answered; the counters of the host can: such failures are put down to that of its resources that
 * turned most away.
 */
final class Shortages {
  /** What a client whose packets are dropped ends in. */
  private static final Set<String> SILENT = Set.of("clientTimeout", "ETIMEDOUT");

  /** Queues that drop packets in silence. */
  private static final List<String> DROPPERS =
      List.of(LimitUse.CPU, LimitUse.CONNTRACK, LimitUse.ACCEPT_QUEUE, LimitUse.SYN_QUEUE);

  private Shortages() {}

  /**
   * What the shortage of a resource of a host explains.
   *
   * @param cause of failures; "" for what waits
   * @param span intended starts of the failed ones
   */
  record Share(
      String resource, String host, String cause, Waiting waiting, long requests, Span span) {
    Ledger.Taken takeFrom(Ledger ledger) {
      return cause.isEmpty()
          ? ledger.take(waiting, requests)
          : ledger.take(cause, requests).during(span);
    }
  }

  /** Failed and unfinished requests by the resource that was short, and by cause. */
  static List<Share> of(RunResult result) {
    List<Share> found = new ArrayList<>();
    for (RequestLoad load : result.scenario().world().requestLoads()) {
      String host = result.scenario().world().group(load.to()).get(0).name();
      for (LoadResult l : result.loads()) {
        if (l.name().equals(load.name())) {
          shares(result.facilities(), host, l, found);
        }
      }
    }
    return found;
  }

  private static void shares(Facilities facilities, String host, LoadResult load, List<Share> to) {
    load.failures()
        .forEach(
            (cause, n) -> {
              String resource = resourceOf(facilities, host, cause);
              to.add(new Share(resource, host, cause, Waiting.IN_FLIGHT, n, load.span(cause)));
            });
    for (Waiting kind : List.of(Waiting.CONNECT, Waiting.ACKNOWLEDGEMENT, Waiting.RESPONSE)) {
      String resource =
          kind == Waiting.RESPONSE ? workers(facilities, host) : mostRefusing(facilities, host);
      long requests = load.waiting().getOrDefault(kind.label(), 0L);
      to.add(new Share(resource, host, "", kind, requests, Span.NEVER));
    }
  }

  private static String resourceOf(Facilities facilities, String host, String cause) {
    if (cause.equals("workerConnections")) {
      return LimitUse.WORKER_CONNECTIONS;
    }
    if (cause.equals("EMFILE")) {
      return LimitUse.OPEN_FILES;
    }
    if (cause.equals("prematureClose")) {
      return facilities.refusals(LimitUse.WORKER_CONNECTIONS, host) > 0
          ? LimitUse.WORKER_CONNECTIONS
          : "";
    }
    if (cause.equals("ECONNRESET")) {
      // The request has expired in the SYN queue while the accept queue was full: oracle O4.
      return facilities.refusals(LimitUse.ACCEPT_QUEUE, host) > 0 ? LimitUse.ACCEPT_QUEUE : "";
    }
    if (!SILENT.contains(cause)) {
      return "";
    }
    String most = mostRefusing(facilities, host);
    return most.isEmpty() && cause.equals("clientTimeout") ? workers(facilities, host) : most;
  }

  /** The queue that dropped most, "" if none dropped anything. */
  private static String mostRefusing(Facilities facilities, String host) {
    String most = "";
    for (String resource : DROPPERS) {
      long refusals = facilities.refusals(resource, host);
      if (refusals > 0 && (most.isEmpty() || refusals > facilities.refusals(most, host))) {
        most = resource;
      }
    }
    return most;
  }

  private static String workers(Facilities facilities, String host) {
    return facilities.refusals(LimitUse.WORKERS, host) > 0 ? LimitUse.WORKERS : "";
  }
}
