package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which limit of a host explains how many failed requests. A client cannot tell why its SYN was not
 * answered; the counters of the host can: such failures are put down to that of its resources that
 * turned most away.
 */
final class Shortages {
  static final String CLIENT_TIMEOUT = "clientTimeout";

  /** What a client or a proxy whose packets are dropped ends in. */
  private static final Set<String> SILENT =
      Set.of(CLIENT_TIMEOUT, "ETIMEDOUT", "connectTimeout", "readTimeout");

  /** Queues that drop packets in silence. */
  private static final List<String> DROPPERS =
      List.of(LimitUse.CPU, LimitUse.CONNTRACK, LimitUse.ACCEPT_QUEUE, LimitUse.SYN_QUEUE);

  /** Resources that count each request that they turn away. */
  private static final Set<String> COUNTED =
      Set.of(LimitUse.CPU, LimitUse.CONNTRACK, LimitUse.SYN_QUEUE, LimitUse.WORKERS);

  private Shortages() {}

  /**
   * What the shortage of a resource of a host explains.
   *
   * @param host that is short of it: the server of the requests, or one behind it
   * @param server that the requests went to
   * @param cause of failures; "" for what waits
   * @param span intended starts of the failed ones
   */
  record Share(
      String resource,
      String host,
      String load,
      String server,
      String cause,
      Waiting waiting,
      long requests,
      Span span) {
    Ledger.Taken takeFrom(Ledger ledger) {
      return cause.isEmpty()
          ? ledger.take(waiting, requests, this::isOf)
          : ledger.take(cause, requests, this::isOf).during(span);
    }

    private boolean isOf(Ledger.Entry entry) {
      return entry.isOf(load) && entry.server().equals(server);
    }
  }

  /** Failed and unfinished requests by the resource that was short, and by cause. */
  static List<Share> of(RunResult result) {
    List<Share> found = new ArrayList<>();
    for (LoadResult load : result.loads()) {
      for (LoadResult.AtServer at : load.servers()) {
        shares(result.facilities(), load.name(), at, found);
        behind(result.facilities(), load.name(), at, found);
      }
    }
    return found;
  }

  private static void shares(
      Facilities facilities, String load, LoadResult.AtServer at, List<Share> to) {
    String host = at.host();
    at.failures()
        .forEach(
            (cause, n) -> {
              String resource = resourceOf(facilities, host, cause);
              long most = atMost(facilities, resource, host, n.count());
              to.add(
                  new Share(resource, host, load, host, cause, Waiting.IN_FLIGHT, most, n.due()));
            });
    for (Waiting kind : List.of(Waiting.CONNECT, Waiting.ACKNOWLEDGEMENT, Waiting.RESPONSE)) {
      LoadResult.Fate fate = at.waiting().get(kind.label());
      String resource =
          kind == Waiting.RESPONSE ? unserved(facilities, host) : mostRefusing(facilities, host);
      if (fate != null) {
        to.add(new Share(resource, host, load, host, "", kind, fate.count(), Span.NEVER));
      }
    }
  }

  /** What a proxy's upstreams were short of when it lost requests there. */
  private static void behind(
      Facilities facilities, String load, LoadResult.AtServer at, List<Share> to) {
    for (LostRequests lost : facilities.lost()) {
      if (!lost.proxy().equals(at.host()) || !at.failures().containsKey(lost.cause())) {
        continue;
      }
      String upstream = lost.upstream();
      String resource = resourceOf(facilities, upstream, lost.cause());
      long most = atMost(facilities, resource, upstream, facilities.lostAtMost(lost));
      to.add(
          new Share(
              resource,
              upstream,
              load,
              at.host(),
              lost.cause(),
              Waiting.IN_FLIGHT,
              most,
              lost.when()));
    }
  }

  /**
   * Who is turned away is counted once at least: a request had to wait for a worker, a packet of it
   * was dropped. Who sits in an accept queue that is too long, or that nobody has files to empty,
   * need not have been.
   */
  private static long atMost(Facilities facilities, String resource, String host, long requests) {
    return COUNTED.contains(resource)
        ? Math.min(requests, facilities.refusals(resource, host))
        : requests;
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
    return most.isEmpty() && cause.equals(CLIENT_TIMEOUT) ? workers(facilities, host) : most;
  }

  /**
   * The queue that dropped most, "" if none dropped anything. Where accept() found no file left,
   * nobody empties the accept queue, and files are what is short.
   */
  private static String mostRefusing(Facilities facilities, String host) {
    String most = "";
    for (String resource : DROPPERS) {
      long refusals = facilities.refusals(resource, host);
      if (refusals > 0 && (most.isEmpty() || refusals > facilities.refusals(most, host))) {
        most = resource;
      }
    }
    boolean notRead = most.isEmpty() || most.equals(LimitUse.ACCEPT_QUEUE);
    return notRead && facilities.refusals(LimitUse.OPEN_FILES, host) > 0
        ? LimitUse.OPEN_FILES
        : most;
  }

  /** Why a request that has a connection is not served. */
  private static String unserved(Facilities facilities, String host) {
    String workers = workers(facilities, host);
    boolean isQueued = facilities.refusals(LimitUse.ACCEPT_QUEUE, host) > 0;
    boolean files = workers.isEmpty() && isQueued;
    return files && facilities.refusals(LimitUse.OPEN_FILES, host) > 0
        ? LimitUse.OPEN_FILES
        : workers;
  }

  private static String workers(Facilities facilities, String host) {
    return facilities.refusals(LimitUse.WORKERS, host) > 0 ? LimitUse.WORKERS : "";
  }
}
