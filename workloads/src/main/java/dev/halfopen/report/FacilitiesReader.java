package dev.halfopen.report;

import dev.halfopen.app.AppServer;
import dev.halfopen.app.FailureCause;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.Waiting;
import dev.halfopen.app.Waits;
import dev.halfopen.metrics.Gauge;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.Host;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.QueueUse;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.List;

/** Reads queues, tables, cores and applications' limits out of a world that has run. */
final class FacilitiesReader {
  private final Assembly assembly;
  private final List<LimitUse> limits = new ArrayList<>();
  private final List<Facilities.TrackingFigures> tracking = new ArrayList<>();
  private final List<Facilities.CoreFigures> cores = new ArrayList<>();

  private FacilitiesReader(Assembly assembly) {
    this.assembly = assembly;
  }

  static Facilities read(Assembly assembly) {
    return new FacilitiesReader(assembly).read();
  }

  private Facilities read() {
    long endNs = assembly.world().nowNs();
    for (HostSpec host : assembly.spec().hosts()) {
      List<Integer> ports =
          host.apps().stream().map(AppPlace::spec).map(s -> s.port()).filter(p -> p != 0).toList();
      ports.forEach(port -> queues(host, port, ports.size() > 1 ? ":" + port : ""));
      equipment(host);
    }
    List<Facilities.ServerFigures> servers = new ArrayList<>();
    for (Assembly.App app : assembly.apps()) {
      String host = app.host().name();
      if (app.app() instanceof OriginServer server) {
        server.inService().finish(endNs);
        gauge(
            LimitUse.WORKERS,
            host,
            server.workers(),
            "workers",
            HostColumns.of(app, HostColumns.WORKERS));
        connections(app, server.connections());
        files(app, server.files());
        servers.add(
            new Facilities.ServerFigures(
                host,
                server.accepted(),
                server.inService().mean(),
                server.inService()::shareAbove));
      } else if (app.app() instanceof AppServer server) {
        connections(app, server.connections());
        files(app, server.files());
      } else if (app.app() instanceof ReverseProxy proxy) {
        connections(app, proxy.connections());
        files(app, proxy.files());
      }
    }
    List<Facilities.FloodFigures> floods = new ArrayList<>();
    for (Assembly.Source source : assembly.sources()) {
      if (source.source() instanceof SynFlood flood) {
        floods.add(
            new Facilities.FloodFigures(source.spec().name(), flood.sent(), flood.dropped()));
      }
    }
    List<HostWaits> waits = assembly.apps().stream().map(this::waits).toList();
    return new Facilities(limits, servers, floods, tracking, cores, waits, lost());
  }

  private void connections(Assembly.App app, Gauge open) {
    String column = HostColumns.of(app, HostColumns.CONNECTIONS);
    String from = "connectionsPerWorker";
    gauge(LimitUse.WORKER_CONNECTIONS, app.host().name(), open, from, column);
  }

  private void files(Assembly.App app, Gauge open) {
    String column = HostColumns.of(app, HostColumns.OPEN_FILES);
    gauge(LimitUse.OPEN_FILES, app.host().name(), open, "openFiles", column);
  }

  private HostWaits waits(Assembly.App app) {
    Waits waits = new Waits();
    app.app().tellWaits(waits);
    List<HostWaits.On> on = new ArrayList<>();
    for (int i = 0; i < waits.peers(); i++) {
      String peer = hostAt(waits.address(i));
      for (Waiting kind : Waiting.values()) {
        if (waits.count(i, kind) > 0) {
          on.add(new HostWaits.On(peer, kind, waits.count(i, kind)));
        }
      }
    }
    return new HostWaits(app.host().name(), waits.queued(), waits.working(), on);
  }

  /** Its name; "" if no host has that address first. */
  private String hostAt(int address) {
    return assembly.spec().hosts().stream()
        .map(HostSpec::name)
        .filter(h -> assembly.host(h).firstAddress() == address)
        .findFirst()
        .orElse("");
  }

  private List<LostRequests> lost() {
    List<LostRequests> all = new ArrayList<>();
    for (Assembly.App app : assembly.apps()) {
      if (app.app() instanceof ReverseProxy proxy && app.spec() instanceof ReverseProxySpec spec) {
        List<HostSpec> upstreams = assembly.spec().group(spec.upstream().toGroup());
        for (int i = 0; i < upstreams.size(); i++) {
          for (FailureCause cause : FailureCause.values()) {
            long n = proxy.stats().lost(i, cause);
            if (n > 0) {
              Span when =
                  new Span(proxy.stats().firstLostNs(i, cause), proxy.stats().lastLostNs(i, cause));
              all.add(
                  new LostRequests(
                      app.host().name(), upstreams.get(i).name(), cause.label(), n, when));
            }
          }
        }
      }
    }
    return all;
  }

  private void add(ResourceUse use, long refusals) {
    limits.add(new LimitUse(use, refusals));
  }

  /** The queues of a listener; {@code detail} tells it from others of its host. */
  private void queues(HostSpec host, int port, String detail) {
    HostTcp tcp = Recorder.tcp(assembly, host);
    QueueUse syns = tcp.synQueue(port);
    QueueUse accepts = tcp.acceptQueue(port);
    // What tcp_max_syn_backlog drops counts in ListenDrops only, as overflows do beside their own.
    long overflows = tcp.counter(Mib.LISTEN_OVERFLOWS);
    long others = tcp.counter(Mib.LISTEN_DROPS) - overflows;
    add(
        new ResourceUse(
            LimitUse.SYN_QUEUE,
            host.name(),
            detail,
            syns.peak(),
            syns.limit(),
            syns.peakAtNs(),
            "backlog, net.core.somaxconn, net.ipv4.tcp_max_syn_backlog",
            Recorder.column(host.group(), SocketGauges.SYN_RECV)),
        Math.max(others, tcp.counter(Mib.REQ_Q_FULL_DROP)));
    add(
        new ResourceUse(
            LimitUse.ACCEPT_QUEUE,
            host.name(),
            detail,
            accepts.peak(),
            accepts.limit(),
            accepts.peakAtNs(),
            "backlog, net.core.somaxconn",
            host.group() + HostColumns.ACCEPT_QUEUE),
        overflows);
  }

  private void equipment(HostSpec spec) {
    Host host = assembly.host(spec.name());
    if (host.conntrack() != null) {
      gauge(
          LimitUse.CONNTRACK,
          spec.name(),
          host.conntrack().entries(),
          "net.netfilter.nf_conntrack_max",
          spec.group() + HostColumns.CONNTRACK);
      Gauge entries = host.conntrack().entries();
      tracking.add(
          new Facilities.TrackingFigures(
              spec.name(),
              entries.limit(),
              entries.peakAtNs(),
              host.conntrack().earlyDrops(),
              entries.refusals()));
    }
    Cpu cpu = host.cpu();
    if (cpu != null) {
      Gauge waiting = cpu.waiting();
      cores.add(
          new Facilities.CoreFigures(
              spec.name(),
              cpu.lanes(),
              cpu.busyNs(),
              waiting.peak(),
              waiting.limit(),
              waiting.refusals()));
      String column = spec.group() + HostColumns.CPU_QUEUE;
      gauge(LimitUse.CPU, spec.name(), cpu.waiting(), "cpu, nic.ring", column);
    }
  }

  private void gauge(String resource, String host, Gauge gauge, String from, String column) {
    if (gauge.limit() > 0) {
      add(
          new ResourceUse(
              resource, host, "", gauge.peak(), gauge.limit(), gauge.peakAtNs(), from, column),
          gauge.refusals());
    }
  }
}
