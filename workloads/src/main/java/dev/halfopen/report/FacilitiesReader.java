package dev.halfopen.report;

import dev.halfopen.app.AppServer;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.SynFlood;
import dev.halfopen.metrics.Gauge;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.Host;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.QueueUse;
import java.util.ArrayList;
import java.util.List;

/** Reads queues, tables, cores and applications' limits out of a world that has run. */
final class FacilitiesReader {
  private final Assembly assembly;
  private final List<LimitUse> limits = new ArrayList<>();

  private FacilitiesReader(Assembly assembly) {
    this.assembly = assembly;
  }

  static Facilities read(Assembly assembly) {
    return new FacilitiesReader(assembly).read();
  }

  private Facilities read() {
    long endNs = assembly.world().nowNs();
    for (HostSpec host : assembly.spec().hosts()) {
      for (AppPlace app : host.apps()) {
        if (app.spec().port() != 0) {
          queues(host, app.spec().port());
        }
      }
      equipment(host);
    }
    List<Facilities.ServerFigures> servers = new ArrayList<>();
    for (Assembly.App app : assembly.apps()) {
      String host = app.host().name();
      if (app.app() instanceof OriginServer server) {
        server.inService().finish(endNs);
        gauge(LimitUse.WORKERS, host, server.workers(), "workers");
        gauge(LimitUse.WORKER_CONNECTIONS, host, server.connections(), "connectionsPerWorker");
        gauge(LimitUse.OPEN_FILES, host, server.files(), "openFiles");
        servers.add(
            new Facilities.ServerFigures(
                host,
                server.accepted(),
                server.inService().mean(),
                server.inService()::shareAbove));
      } else if (app.app() instanceof AppServer server) {
        gauge(LimitUse.WORKER_CONNECTIONS, host, server.connections(), "connectionsPerWorker");
        gauge(LimitUse.OPEN_FILES, host, server.files(), "openFiles");
      } else if (app.app() instanceof ReverseProxy proxy) {
        gauge(LimitUse.WORKER_CONNECTIONS, host, proxy.connections(), "connectionsPerWorker");
        gauge(LimitUse.OPEN_FILES, host, proxy.files(), "openFiles");
      }
    }
    List<Facilities.FloodFigures> floods = new ArrayList<>();
    for (Assembly.Source source : assembly.sources()) {
      if (source.source() instanceof SynFlood flood) {
        floods.add(
            new Facilities.FloodFigures(source.spec().name(), flood.sent(), flood.dropped()));
      }
    }
    return new Facilities(limits, servers, floods);
  }

  private void add(
      String resource, String host, long peak, long limit, long atNs, String from, long refusals) {
    limits.add(
        new LimitUse(new ResourceUse(resource, host, "", peak, limit, atNs, from), refusals));
  }

  private void queues(HostSpec host, int port) {
    HostTcp tcp = Recorder.tcp(assembly, host);
    QueueUse syns = tcp.synQueue(port);
    QueueUse accepts = tcp.acceptQueue(port);
    // What tcp_max_syn_backlog drops counts in ListenDrops only, as overflows do beside their own.
    long overflows = tcp.counter(Mib.LISTEN_OVERFLOWS);
    long others = tcp.counter(Mib.LISTEN_DROPS) - overflows;
    add(
        LimitUse.SYN_QUEUE,
        host.name(),
        syns.peak(),
        syns.limit(),
        syns.peakAtNs(),
        "backlog, net.core.somaxconn, net.ipv4.tcp_max_syn_backlog",
        Math.max(others, tcp.counter(Mib.REQ_Q_FULL_DROP)));
    add(
        LimitUse.ACCEPT_QUEUE,
        host.name(),
        accepts.peak(),
        accepts.limit(),
        accepts.peakAtNs(),
        "backlog, net.core.somaxconn",
        overflows);
  }

  private void equipment(HostSpec spec) {
    Host host = assembly.host(spec.name());
    if (host.conntrack() != null) {
      gauge(
          LimitUse.CONNTRACK,
          spec.name(),
          host.conntrack().entries(),
          "net.netfilter.nf_conntrack_max");
    }
    Cpu cpu = host.cpu();
    if (cpu != null) {
      Gauge waiting = cpu.waiting();
      add(
          LimitUse.CPU,
          spec.name(),
          waiting.peak(),
          waiting.limit(),
          waiting.peakAtNs(),
          "cpu, nic.ring",
          waiting.refusals());
    }
  }

  private void gauge(String resource, String host, Gauge gauge, String from) {
    if (gauge.limit() > 0) {
      add(resource, host, gauge.peak(), gauge.limit(), gauge.peakAtNs(), from, gauge.refusals());
    }
  }
}
