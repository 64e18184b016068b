package dev.halfopen.claims;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.FailureCause;
import dev.halfopen.app.LoadStats;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.CpuConfig;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import org.HdrHistogram.Histogram;

/** Traffic stops although CPU and memory are fine: A16. */
final class StarvationClaims {
  private static final int BACKLOG = 128;

  /** Generous for a packet: a slow core. */
  private static final long PACKET_NS = 10_000;

  private static final double RUN_S = 50;

  private StarvationClaims() {}

  /** A16. */
  static void somethingElseRanOut(Evidence evidence) {
    ports(evidence);
    synQueue(evidence);
    acceptQueue(evidence, KernelProfile.LINUX_3_10, new double[] {1, 3, 7, 15, 31});
    acceptQueue(evidence, KernelProfile.LINUX_6_18, new double[] {1, 2, 3, 4, 5, 7, 11, 19, 35});
  }

  /** One core that takes its time for every packet. */
  private static Cpu core(Lab lab, Machine machine) {
    CpuConfig config = new CpuConfig();
    config.perSynNs = PACKET_NS;
    config.perCookieNs = PACKET_NS;
    config.perPacketNs = PACKET_NS;
    lab.builder().cpu(machine.host, config);
    Cpu cpu = machine.host.cpu();
    if (cpu == null) {
      throw new IllegalStateException("the machine has no core");
    }
    return cpu;
  }

  private static double busyPercent(Lab lab, Cpu cpu) {
    return 100.0 * cpu.busyNs() / lab.nowNs();
  }

  private static String idle(Lab lab, Machine machine, Cpu cpu) {
    return "with the core busy for "
        + Say.number(busyPercent(lab, cpu), 1)
        + " % and "
        + Say.grouped(KernelObjects.bill(machine) / 1000)
        + " kB in sockets";
  }

  private static boolean isFine(Lab lab, Machine machine, Cpu cpu) {
    return busyPercent(lab, cpu) < 5 && KernelObjects.bill(machine) < 1_000_000;
  }

  private static void ports(Evidence evidence) {
    Lab lab = new Lab();
    Machine proxy = lab.machine("proxy").ports(40_000, 1000);
    lab.cable(lab.client, proxy).cable(proxy, lab.server);
    ReverseProxyConfig relay = new ReverseProxyConfig();
    relay.listenPort = Lab.PORT;
    relay.upstreamAddresses = new int[] {lab.server.address()};
    proxy.runs(new ReverseProxy(relay));
    lab.server.runs(new OriginServer(new OriginServerConfig()));
    Cpu cpu = core(lab, proxy);
    LoadStats stats = run(lab, load(lab.client, proxy, 100, 0));
    long before = stats.succeededBeforeFirstFailure();
    evidence.show(
        before == 1000
            && stats.succeeded() == before
            && stats.failures(FailureCause.EADDRNOTAVAIL) == stats.failed()
            && isFine(lab, proxy, cpu),
        "a proxy stops after "
            + Say.grouped(before)
            + " requests by EADDRNOTAVAIL, "
            + idle(lab, proxy, cpu));
  }

  private static void synQueue(Evidence evidence) {
    Lab lab = new Lab();
    lab.server.set(Sysctl.TCP_SYNCOOKIES, 0);
    OriginServerConfig web = new OriginServerConfig();
    web.listenPort = Lab.PORT;
    web.listenBacklog = BACKLOG;
    lab.server.runs(new OriginServer(web));
    SynFloodConfig flood = new SynFloodConfig();
    flood.victimAddress = lab.server.address();
    flood.victimPort = Lab.PORT;
    flood.rateCount = 500;
    lab.builder().flood("botnet", lab.server.host, new SynFlood(flood), 0, Say.MS_NS);
    Cpu cpu = core(lab, lab.server);
    LoadStats stats = run(lab, load(lab.client, lab.server, 2, 1));
    long drops = lab.server.counter(Mib.REQ_Q_FULL_DROP);
    evidence.show(
        stats.failed() + stats.unfinished() > stats.offered() / 2
            && drops > 20_000
            && isFine(lab, lab.server, cpu),
        "under 500 SYN/s "
            + stats.succeeded()
            + " of "
            + stats.offered()
            + " clients come in, "
            + Say.grouped(drops)
            + " SYNs are dropped, "
            + idle(lab, lab.server, cpu));
  }

  private static void acceptQueue(Evidence evidence, KernelProfile kernel, double[] modesS) {
    Lab lab = new Lab(kernel);
    Machine clients = lab.farm("clients", kernel, 500);
    lab.cable(clients, lab.server);
    OriginServerConfig web = new OriginServerConfig();
    web.listenPort = Lab.PORT;
    web.listenBacklog = BACKLOG;
    web.acceptTime = Distribution.exponential(10.0 * Say.MS_NS);
    lab.server.runs(new OriginServer(web));
    Cpu cpu = core(lab, lab.server);
    LoadStats stats = run(lab, load(clients, lab.server, 130, 1));
    Histogram connects = stats.connect().total();
    long late = countFrom(connects, 0.5, 60);
    long inModes = 0;
    for (double mode : modesS) {
      // The timer wheel fires up to an eighth late.
      inModes += countFrom(connects, mode, mode * 1.125 + 0.05);
    }
    long overflows = lab.server.counter(Mib.LISTEN_OVERFLOWS);
    evidence.show(
        late > 500 && inModes == late && overflows > 0 && isFine(lab, lab.server, cpu),
        kernel.name()
            + ": a program that accepts 100 connections a second, asked for 130, lets "
            + Say.grouped(late)
            + " clients wait, each for one of "
            + modes(modesS, connects)
            + ", "
            + idle(lab, lab.server, cpu));
  }

  /** The modes that occurred: "1 s, 3 s". */
  private static String modes(double[] modesS, Histogram connects) {
    StringBuilder out = new StringBuilder();
    for (double mode : modesS) {
      if (countFrom(connects, mode, mode * 1.125 + 0.05) > 0) {
        out.append(out.length() == 0 ? "" : ", ").append((int) mode).append(" s");
      }
    }
    return out.toString();
  }

  private static long countFrom(Histogram histogram, double fromS, double toS) {
    return histogram.getCountBetweenValues(
        (long) (fromS * 0.998 * Say.SECOND_NS), (long) (toS * Say.SECOND_NS));
  }

  private static LoadStats run(Lab lab, ClientFarm farm) {
    lab.captures = false;
    lab.run(RUN_S);
    farm.finish(lab.nowNs());
    return farm.stats();
  }

  private static ClientFarm load(Machine from, Machine to, int perSecond, int perConnection) {
    ClientFarmConfig config = new ClientFarmConfig();
    config.serverAddress = to.address();
    config.serverPort = Lab.PORT;
    config.rateCount = perSecond;
    config.poisson = perSecond > 100;
    config.requestsPerClientConnection = perConnection;
    ClientFarm farm = new ClientFarm(config);
    from.runs(farm);
    return farm;
  }
}
