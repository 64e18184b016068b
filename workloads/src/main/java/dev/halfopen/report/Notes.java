package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import dev.halfopen.scenario.FloodSpec;
import dev.halfopen.scenario.HeldLoad;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.ReverseProxySpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sentences that keep the numbers of a summary from being misread. */
final class Notes {
  private Notes() {}

  static List<String> of(RunResult result) {
    List<String> notes = new ArrayList<>();
    result.loads().forEach(load -> retries(load, notes));
    Map<String, List<String>> loads = new LinkedHashMap<>();
    for (RequestLoad load : result.scenario().world().requestLoads()) {
      loads.computeIfAbsent(arrivals(load), t -> new ArrayList<>()).add(load.name());
    }
    loads.forEach(
        (how, names) ->
            notes.add(
                (names.size() == 1 ? "load " : "loads ") + String.join(", ", names) + ": " + how));
    long fromNs = result.scenario().world().goals().measureFromNs();
    if (fromNs > 0) {
      notes.add(
          "measured from "
              + Figures.secondsText(fromNs)
              + " on: requests due earlier were sent but do not count");
    }
    for (HeldLoad load : result.scenario().world().loads(HeldLoad.class)) {
      notes.add(
          "load "
              + load.name()
              + ": "
              + Figures.count(load.connections(), "connection", "connections")
              + " held, opened at "
              + load.openRate().text()
              + "; then "
              + load.curve().text()
              + " requests at random on them, "
              + (load.perRequest() == 1
                  ? "each on one"
                  : "each on " + load.perRequest() + " side by side")
              + patience(load.timeoutNs()));
    }
    for (FloodSpec flood : result.scenario().world().loads(FloodSpec.class)) {
      notes.add(
          "flood "
              + flood.name()
              + ": "
              + flood.curve().text()
              + ", "
              + (flood.areSpoofed() ? "forged" : "real")
              + " sources");
    }
    equipment(result, notes);
    hangs(BreakdownTable.of(result), notes);
    ProxyShape.of(result.scenario().world()).ifPresent(shape -> proxy(result, shape, notes));
    return notes;
  }

  /** What a full table and the cores did: why a flood gets through them, or does not. */
  private static void equipment(RunResult result, List<String> notes) {
    for (Facilities.TrackingFigures t : result.facilities().tracking()) {
      if (t.earlyDrops() > 0) {
        notes.add(
            t.host()
                + " connection tracking: full with "
                + Figures.grouped(t.limit())
                + " entries at "
                + Figures.secondsText(t.fullAtNs())
                + "; "
                + Figures.grouped(t.earlyDrops())
                + " that were not established were thrown out for new ones (early_drop), "
                + Figures.grouped(t.refusals())
                + " packets dropped; established ones stay, and a handshake's ACK whose entry is"
                + " gone makes one (nf_conntrack_tcp_loose)");
      }
    }
    for (Facilities.CoreFigures c : result.facilities().cores()) {
      notes.add(
          c.host()
              + " CPU: "
              + c.cores()
              + " cores that receive packets, busy "
              + Figures.percent((double) c.busyNs() / c.cores() / Math.max(1, result.endNs()))
              + " of the time; "
              + Figures.grouped(c.waitingPeak())
              + " of "
              + Figures.grouped(c.ringSlots())
              + " places in the rings used at the most, "
              + Figures.grouped(c.refusals())
              + " packets dropped");
    }
  }

  /** Why requests hang whose database went away, and what ends that. */
  private static void hangs(BreakdownTable table, List<String> notes) {
    long timedOut = 0;
    double most = 0;
    for (int cls : new int[] {Breakdown.UNACKNOWLEDGED, Breakdown.IDLE}) {
      timedOut += table.ended(cls, FailureCause.ETIMEDOUT);
      most = Math.max(most, table.mostS(cls, FailureCause.ETIMEDOUT));
    }
    if (timedOut > 0) {
      notes.add(
          Figures.count(timedOut, "query was", "queries were")
              + " sent again for up to "
              + Figures.span(most)
              + ", until tcp_retries2 was used up; a socketTimeout or a smaller tcp_retries2 ends"
              + " that sooner, SO_KEEPALIVE does not");
    }
    long hanging = table.unfinished(Breakdown.ACKNOWLEDGED);
    if (hanging > 0) {
      notes.add(
          Figures.count(hanging, "request waits", "requests wait")
              + " for an answer that will not come: the query was acknowledged,"
              + " nothing is in flight; only socketTimeout or SO_KEEPALIVE would end that");
    }
  }

  private static String arrivals(RequestLoad load) {
    if (load.users() > 0) {
      return Figures.count(load.users(), "user", "users")
          + " in a closed loop: who waits sends nothing else"
          + patience(load.timeoutNs());
    }
    String how =
        load.arrivals() == RequestLoad.Arrivals.CONSTANT
            ? "constant arrivals, evenly spaced"
            : "poisson arrivals, independent of each other";
    return load.curve().text()
        + pages(load)
        + ", "
        + how
        + reuse(load)
        + patience(load.timeoutNs());
  }

  private static String patience(long timeoutNs) {
    return timeoutNs == 0
        ? "; they wait for ever"
        : "; they wait for " + Figures.span(Figures.seconds(timeoutNs));
  }

  private static String pages(RequestLoad load) {
    return load.fanOut() == 1
        ? ""
        : " pages of " + Figures.grouped(load.fanOut()) + " requests that a client sends at once";
  }

  private static String reuse(RequestLoad load) {
    return switch (load.requestsPerClientConnection()) {
      case 0 -> "; clients keep their connections";
      case 1 -> "; a connection each";
      default -> "; " + Figures.grouped(load.requestsPerClientConnection()) + " on a connection";
    };
  }

  private static void retries(LoadResult load, List<String> notes) {
    if (load.retries() + load.retriesRefused() > 0) {
      notes.add(
          "load "
              + load.name()
              + ": "
              + Figures.count(load.retries(), "try", "tries")
              + " again"
              + (load.retriesRefused() == 0
                  ? ""
                  : ", "
                      + Figures.grouped(load.retriesRefused())
                      + " refused as the budget was used up"));
    }
  }

  private static void proxy(RunResult result, ProxyShape shape, List<String> notes) {
    notes.add(nginx(shape));
    result.proxies().forEach(p -> notes.add(closedFirst(p)));
    LoadResult load = result.total();
    if (load.firstReturnNs() >= 0) {
      notes.add(wholeRun(result, shape, load));
    }
  }

  private static String closedFirst(RunResult.ProxyFigures p) {
    long closed = p.closedByProxy() + p.closedByUpstream();
    String share =
        closed == 0 ? "" : " (" + Figures.percent((double) p.closedByProxy() / closed) + ")";
    return "closed first: the proxy "
        + Figures.grouped(p.closedByProxy())
        + share
        + ", the upstream "
        + Figures.grouped(p.closedByUpstream())
        + ", of "
        + Figures.grouped(p.opened())
        + " upstream connections";
  }

  private static String wholeRun(RunResult result, ProxyShape shape, LoadResult load) {
    double mean = load.succeeded() / Figures.seconds(result.endNs());
    return "the mean of the whole run, "
        + Figures.rate(mean)
        + "/s, is not the sustained rate: the first "
        + Figures.grouped(Math.min(shape.ports(), load.succeeded()))
        + " successes used up the initial stock of ports, and what follows depends on where the run"
        + " ends in the cycle; ports first came back at "
        + Figures.secondsText(load.firstReturnNs());
  }

  /** Which nginx configuration the proxy's parameters stand for. */
  private static String nginx(ProxyShape shape) {
    ReverseProxySpec.UpstreamSide up = shape.upstream();
    String config =
        switch (up.closer()) {
          case PROXY ->
              up.idlePool() == 0
                  ? "proxy_http_version 1.1; proxy_set_header Connection \"\"; no keepalive in"
                      + " upstream {}: the proxy closes first"
                  : "proxy_http_version 1.1; proxy_set_header Connection \"\"; keepalive "
                      + up.idlePool()
                      + "; in upstream {}";
          case RACE ->
              "HTTP/1.0 with Connection: close (the default before nginx 1.30): whoever is first"
                  + " closes";
          case UPSTREAM ->
              "Connection: close, and the proxy waits for the end of the stream: the upstream closes"
                  + " first";
        };
    return "nginx: " + config + "; max_fails=" + up.maxFails();
  }
}
