package dev.halfopen.report;

import dev.halfopen.metrics.Gauge;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.Host;
import dev.halfopen.scenario.AppSpec;
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
      host.app().ifPresent(app -> queues(host, app));
      equipment(host);
    }
    List<Facilities.ServerFigures> servers = new ArrayList<>();
    for (Assembly.Server server : assembly.servers()) {
      server.app().inService().finish(endNs);
      String host = server.host().name();
      gauge(LimitUse.WORKERS, host, server.app().workers(), "workers");
      gauge(LimitUse.WORKER_CONNECTIONS, host, server.app().connections(), "connectionsPerWorker");
      gauge(LimitUse.OPEN_FILES, host, server.app().files(), "openFiles");
      servers.add(
          new Facilities.ServerFigures(
              host,
              server.app().accepted(),
              server.app().inService().mean(),
              server.app().inService()::shareAbove));
    }
    for (Assembly.Proxy proxy : assembly.proxies()) {
      String host = proxy.host().name();
      gauge(LimitUse.WORKER_CONNECTIONS, host, proxy.app().connections(), "connectionsPerWorker");
      gauge(LimitUse.OPEN_FILES, host, proxy.app().files(), "openFiles");
    }
    List<Facilities.FloodFigures> floods =
        assembly.floods().stream()
            .map(
                f ->
                    new Facilities.FloodFigures(f.spec().name(), f.app().sent(), f.app().dropped()))
            .toList();
    return new Facilities(limits, servers, floods);
  }

  private void add(
      String resource, String host, long peak, long limit, long atNs, String from, long refusals) {
    limits.add(
        new LimitUse(new ResourceUse(resource, host, "", peak, limit, atNs, from), refusals));
  }

  private void queues(HostSpec host, AppSpec app) {
    HostTcp tcp = Recorder.tcp(assembly, host);
    QueueUse syns = tcp.synQueue(app.port());
    QueueUse accepts = tcp.acceptQueue(app.port());
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
