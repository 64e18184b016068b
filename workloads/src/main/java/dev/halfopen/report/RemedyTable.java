package dev.halfopen.report;

import dev.halfopen.report.RemedyScene.Place;
import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.ConntrackSpec;
import dev.halfopen.scenario.CpuSpec;
import dev.halfopen.scenario.DatabaseSpec;
import dev.halfopen.scenario.HttpServerSpec;
import dev.halfopen.scenario.NameSpec;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What people try against each shortage, popular mistakes included: whether it helps is for the
 * simulation to say. A new remedy is a line here.
 */
final class RemedyTable {
  private static final Map<String, Function<RemedyScene, List<Remedy>>> ALL =
      Map.ofEntries(
          Map.entry(EphemeralPortsRule.RESOURCE, RemedyTable::ports),
          Map.entry(LimitUse.SYN_QUEUE, RemedyTable::synQueue),
          Map.entry(LimitUse.ACCEPT_QUEUE, RemedyTable::acceptQueue),
          Map.entry(LimitUse.CONNTRACK, RemedyTable::conntrack),
          Map.entry(LimitUse.CPU, RemedyTable::cores),
          Map.entry(LimitUse.WORKERS, RemedyTable::workers),
          Map.entry(LimitUse.WORKER_CONNECTIONS, RemedyTable::workerConnections),
          Map.entry(LimitUse.OPEN_FILES, RemedyTable::openFiles),
          Map.entry(StaleConnectionRule.RESOURCE, RemedyTable::stale),
          Map.entry(CauseRule.RESPONSE_TIMEOUT.resource(), RemedyTable::upstreamWorkers),
          Map.entry(CauseRule.CONNECT_TIMEOUT.resource(), RemedyTable::deadPeer),
          Map.entry(DeadAddressRule.RESOURCE, RemedyTable::deadPeer),
          Map.entry(IdleReaderRule.RESOURCE, RemedyTable::deadPeer),
          Map.entry(CauseRule.NO_RESPONSE.resource(), RemedyTable::deadPeer),
          Map.entry(OrphansRule.RESOURCE, RemedyTable::orphans),
          Map.entry(TimeWaitBucketsRule.RESOURCE, RemedyTable::timeWaitBuckets),
          Map.entry(CauseRule.POOL.resource(), RemedyTable::pool),
          Map.entry(CauseRule.MAX_CONNECTIONS.resource(), RemedyTable::maxConnections),
          Map.entry(CauseRule.BROKEN.resource(), RemedyTable::deadPeer),
          Map.entry(CauseRule.SOCKET_TIMEOUT.resource(), RemedyTable::deadPeer),
          Map.entry(CauseRule.READ_ONLY.resource(), RemedyTable::names),
          Map.entry(CauseRule.UNKNOWN_HOST.resource(), RemedyTable::resolver),
          Map.entry(CauseRule.CLIENT_TIMEOUT.resource(), RemedyTable::deadPeer));

  private RemedyTable() {}

  /** Resources against whose shortage something is known. */
  static Set<String> resources() {
    return ALL.keySet();
  }

  /** What to try against a shortage; nothing where nobody knows anything. */
  static List<Remedy> against(Diagnosis diagnosis, RunResult result) {
    RemedyScene scene = new RemedyScene(result.scenario().world(), diagnosis.host());
    Function<RemedyScene, List<Remedy>> entry = ALL.get(diagnosis.resource());
    return entry == null ? List.of() : entry.apply(scene);
  }

  private static List<Remedy> ports(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<ReverseProxySpec> p : s.here(ReverseProxySpec.class)) {
      boolean closes = p.spec().upstream().closer() != ReverseProxySpec.Closer.PROXY;
      String risk = "the upstream must keep idle connections for longer than the proxy does";
      all.add(
          closes
              ? Remedy.of(risk, p.key("upstream.closer"), "proxy", p.key("upstream.idlePool"), "32")
              : Remedy.of(risk, p.key("upstream.idlePool"), "32"));
      int n = s.world().group(p.spec().upstream().toGroup()).size();
      all.add(
          Remedy.of(
              "twice the upstream addresses: machines, or more addresses for the same ones",
              "hosts." + p.spec().upstream().toGroup() + ".count",
              "" + 2 * n));
    }
    all.add(
        Remedy.of(
            "a port is used again after a second: both ends need timestamps, and no NAT between",
            s.sysctl(Sysctl.TCP_TW_REUSE),
            "1"));
    all.add(
        Remedy.of(
            "programs that listen there find their port taken: ip_local_reserved_ports",
            s.portRange(),
            "1024 65535"));
    all.add(Remedy.of("it is not the time of TIME_WAIT", s.sysctl(Sysctl.TCP_FIN_TIMEOUT), "15"));
    return all;
  }

  private static List<Remedy> synQueue(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    all.add(
        Remedy.of(
            "without timestamps a client loses window scaling and SACK",
            s.sysctl(Sysctl.TCP_SYNCOOKIES),
            "1"));
    s.listener()
        .ifPresent(
            p -> {
              long more = 8L * Math.max(128, p.spec().backlog());
              all.add(
                  Remedy.of(
                      "a flood that is eight times as fast fills it again",
                      p.key("listen.backlog"),
                      "" + more,
                      s.sysctl(Sysctl.SOMAXCONN),
                      s.atLeast(Sysctl.SOMAXCONN, more),
                      s.sysctl(Sysctl.TCP_MAX_SYN_BACKLOG),
                      s.atLeast(Sysctl.TCP_MAX_SYN_BACKLOG, more)));
            });
    all.add(
        Remedy.of(
            "a client that loses two packets in a row has to begin again",
            s.sysctl(Sysctl.TCP_SYNACK_RETRIES),
            "1"));
    return all;
  }

  private static List<Remedy> acceptQueue(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    s.listener()
        .ifPresent(
            p -> {
              long more = 8L * Math.max(128, p.spec().backlog());
              all.add(
                  Remedy.of(
                      "who is accepted has waited for longer: a queue does not make a program"
                          + " faster",
                      p.key("listen.backlog"),
                      "" + more,
                      s.sysctl(Sysctl.SOMAXCONN),
                      s.atLeast(Sysctl.SOMAXCONN, more)));
              all.add(
                  Remedy.of(
                      "four queues, which their own processes must empty; one that hangs keeps its"
                          + " share",
                      p.key("listen.reusePort"),
                      "4"));
            });
    all.add(
        Remedy.of(
            "clients are told at once instead of being let in later",
            s.sysctl(Sysctl.TCP_ABORT_ON_OVERFLOW),
            "1"));
    return all;
  }

  private static List<Remedy> orphans(RemedyScene s) {
    return List.of(
        Remedy.of(
            "up to 64 KiB of unsendable data each",
            s.sysctl(Sysctl.TCP_MAX_ORPHANS),
            s.atLeast(Sysctl.TCP_MAX_ORPHANS, 131_072)),
        Remedy.of(
            "who is away for longer than some seconds loses the end of the response",
            s.sysctl(Sysctl.TCP_ORPHAN_RETRIES),
            "1"));
  }

  private static List<Remedy> timeWaitBuckets(RemedyScene s) {
    return List.of(
        Remedy.of(
            "256 bytes of the kernel for each; with more of them ports may run out instead",
            s.sysctl(Sysctl.TCP_MAX_TW_BUCKETS),
            s.atLeast(Sysctl.TCP_MAX_TW_BUCKETS, 2_000_000)));
  }

  private static List<Remedy> conntrack(RemedyScene s) {
    String key = "hosts." + s.group() + ".conntrack.sysctl.net.netfilter.nf_conntrack_";
    long most =
        s.world()
            .group(s.host())
            .get(0)
            .part(ConntrackSpec.class)
            .map(c -> c.config().max)
            .orElse(0);
    return List.of(
        Remedy.of("some 320 bytes of the kernel for each entry", key + "max", "" + 4 * most),
        Remedy.of(
            "a slow client's handshake is forgotten",
            key + "tcp_timeout_syn_recv",
            "10",
            key + "tcp_timeout_time_wait",
            "10"),
        Remedy.of(
            "no rule of the firewall may ask for a connection's state",
            "hosts." + s.group() + ".conntrack.enabled",
            "false"));
  }

  private static List<Remedy> cores(RemedyScene s) {
    return s.world().group(s.host()).get(0).part(CpuSpec.class).stream()
        .map(
            c ->
                Remedy.of(
                    "machines", "hosts." + s.group() + ".cpu.cores", "" + 2 * c.config().cores))
        .toList();
  }

  private static List<Remedy> workers(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    String risk = "memory of the threads; what they wait for gets twice the load";
    for (Place<AppServerSpec> p : s.here(AppServerSpec.class)) {
      all.add(Remedy.of(risk, p.key("workers"), "" + 2 * p.spec().limits().workers()));
    }
    for (Place<HttpServerSpec> p : s.here(HttpServerSpec.class)) {
      all.add(Remedy.of(risk, p.key("workers"), "" + 2 * p.spec().limits().workers()));
    }
    all.addAll(deadPeer(s));
    return all;
  }

  private static List<Remedy> workerConnections(RemedyScene s) {
    return doubled(s, "connectionsPerWorker", "buffers of each connection, and open files");
  }

  private static List<Remedy> openFiles(RemedyScene s) {
    return doubled(s, "openFiles", "none to speak of: LimitNOFILE of the service");
  }

  private static List<Remedy> doubled(RemedyScene s, String key, String risk) {
    boolean files = key.equals("openFiles");
    List<Remedy> all = new ArrayList<>();
    for (Place<ReverseProxySpec> p : s.here(ReverseProxySpec.class)) {
      int now = files ? p.spec().limits().openFiles() : p.spec().limits().connectionsPerWorker();
      all.add(Remedy.of(risk, p.key(key), "" + 2L * now));
    }
    for (Place<AppServerSpec> p : s.here(AppServerSpec.class)) {
      int now = files ? p.spec().limits().openFiles() : p.spec().limits().connectionsPerWorker();
      all.add(Remedy.of(risk, p.key(key), "" + 2L * now));
    }
    for (Place<HttpServerSpec> p : s.here(HttpServerSpec.class)) {
      int now = files ? p.spec().limits().openFiles() : p.spec().limits().connectionsPerWorker();
      all.add(Remedy.of(risk, p.key(key), "" + 2L * now));
    }
    return all;
  }

  private static List<Remedy> stale(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<ReverseProxySpec> p : s.here(ReverseProxySpec.class)) {
      long least =
          s.world().group(p.spec().upstream().toGroup()).stream()
              .flatMap(h -> h.apps(HttpServerSpec.class).stream())
              .mapToLong(HttpServerSpec::idleTimeoutNs)
              .min()
              .orElse(0);
      all.add(
          Remedy.of(
              "connections are opened more often",
              p.key("upstream.idleTimeout"),
              Figures.number(Figures.seconds(least / 2), 3) + "s"));
      all.add(
          Remedy.of(
              "a POST may be executed twice",
              p.key("upstream.retryOn"),
              "[error, timeout, nonIdempotent]"));
    }
    return all;
  }

  private static List<Remedy> upstreamWorkers(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<HttpServerSpec> p : s.all(HttpServerSpec.class)) {
      if (p.spec().limits().workers() > 0) {
        all.add(
            Remedy.of(
                "memory of the threads; what they wait for gets twice the load",
                p.key("workers"),
                "" + 2 * p.spec().limits().workers()));
      }
    }
    return all;
  }

  /** A peer that answers no more: which timer finds out, and how the next connection gets on. */
  private static List<Remedy> deadPeer(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<ConnectionPoolSpec> p : s.all(ConnectionPoolSpec.class)) {
      all.add(
          Remedy.of("a query that takes longer is given up", p.key("driver.socketTimeout"), "30s"));
      all.add(
          probing(
              p,
              "probes on idle connections; it does not end a wait for an ACK",
              p.key("driver.tcpKeepalive"),
              "true"));
      all.add(
          Remedy.of(
              "an outage of the network that is longer ends the connection; without keepalive it"
                  + " does not end a wait for an answer",
              p.key("driver.tcpUserTimeout"),
              "30s"));
      all.add(
          Remedy.of(
              "all connections of the host live through shorter outages only",
              RemedyScene.sysctl(p.group(), Sysctl.TCP_RETRIES2),
              "8"));
    }
    all.addAll(names(s));
    return all;
  }

  private static List<Remedy> names(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<ConnectionPoolSpec> p : s.all(ConnectionPoolSpec.class)) {
      for (NameSpec name : s.world().names()) {
        if (name.name().equals(p.spec().to())) {
          all.add(
              Remedy.of(
                  "more queries to the resolver",
                  p.key("jvmDns.ttl"),
                  "1s",
                  "names." + name.name() + ".ttl",
                  "1s"));
        }
      }
    }
    return all;
  }

  /** The resolver is away: a name that is known need not be asked for. */
  private static List<Remedy> resolver(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<ConnectionPoolSpec> p : s.all(ConnectionPoolSpec.class)) {
      if (s.world().named(p.spec().to()).isPresent()) {
        all.add(
            Remedy.of(
                "the program goes on to ask the old address for an hour when the name changes",
                p.key("jvmDns.ttl"),
                "1h"));
        all.add(
            Remedy.of(
                "who has failed to find the name asks again at once, and so does everybody else",
                p.key("jvmDns.negativeTtl"),
                "0s"));
      }
    }
    return all;
  }

  /** Keepalive that finds a dead peer within 90 s; {@code keysAndValues} come first. */
  private static Remedy probing(Place<?> p, String risk, String... keysAndValues) {
    List<String> all = new ArrayList<>(List.of(keysAndValues));
    all.addAll(
        List.of(
            RemedyScene.sysctl(p.group(), Sysctl.TCP_KEEPALIVE_TIME),
            "60",
            RemedyScene.sysctl(p.group(), Sysctl.TCP_KEEPALIVE_INTVL),
            "10",
            RemedyScene.sysctl(p.group(), Sysctl.TCP_KEEPALIVE_PROBES),
            "3"));
    return Remedy.of(risk, all.toArray(new String[0]));
  }

  private static List<Remedy> pool(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<ConnectionPoolSpec> p : s.all(ConnectionPoolSpec.class)) {
      all.add(
          Remedy.of(
              "connections of the database, whose max_connections all pools share",
              p.key("maximumPoolSize"),
              "" + 2 * p.spec().maximumPoolSize()));
      all.add(
          Remedy.of("fails sooner instead of holding a thread", p.key("connectionTimeout"), "2s"));
    }
    all.addAll(deadPeer(s));
    return all;
  }

  private static List<Remedy> maxConnections(RemedyScene s) {
    List<Remedy> all = new ArrayList<>();
    for (Place<DatabaseSpec> p : s.all(DatabaseSpec.class)) {
      all.add(
          Remedy.of(
              "a process with its memory for each connection",
              p.key("maxConnections"),
              "" + 2 * p.spec().maxConnections()));
      all.add(probing(p, "an outage of the network of 90 s ends idle connections"));
    }
    for (Place<ConnectionPoolSpec> p : s.all(ConnectionPoolSpec.class)) {
      all.add(
          Remedy.of(
              "requests wait for one of fewer connections",
              p.key("maximumPoolSize"),
              "" + Math.max(1, p.spec().maximumPoolSize() / 2)));
    }
    return all;
  }
}
