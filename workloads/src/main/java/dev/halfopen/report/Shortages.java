package dev.halfopen.report;

import dev.halfopen.scenario.RequestLoad;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** A resource of a host. */
  record Where(String resource, String host) {}

  /** Failed requests by the resource that was short, and by cause. */
  static Map<Where, Map<String, Long>> of(RunResult result) {
    Map<Where, Map<String, Long>> found = new LinkedHashMap<>();
    for (RequestLoad load : result.scenario().world().requestLoads()) {
      String host = result.scenario().world().group(load.to()).get(0).name();
      result.loads().stream()
          .filter(l -> l.name().equals(load.name()))
          .forEach(l -> l.failures().forEach((cause, n) -> put(result, found, host, cause, n)));
    }
    return found;
  }

  private static void put(
      RunResult result,
      Map<Where, Map<String, Long>> found,
      String host,
      String cause,
      long failures) {
    String resource = resourceOf(result.facilities(), host, cause);
    if (!resource.isEmpty()) {
      found
          .computeIfAbsent(new Where(resource, host), w -> new LinkedHashMap<>())
          .merge(cause, failures, Long::sum);
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
    String most = "";
    for (String resource : DROPPERS) {
      long refusals = facilities.refusals(resource, host);
      if (refusals > 0 && (most.isEmpty() || refusals > facilities.refusals(most, host))) {
        most = resource;
      }
    }
    boolean waited = facilities.refusals(LimitUse.WORKERS, host) > 0;
    return most.isEmpty() && waited && cause.equals("clientTimeout") ? LimitUse.WORKERS : most;
  }

  /** Failures of this cause that a shortage explains. */
  static long explained(RunResult result, String cause) {
    return of(result).values().stream().mapToLong(m -> m.getOrDefault(cause, 0L)).sum();
  }
}
