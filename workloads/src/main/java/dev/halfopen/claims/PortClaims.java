package dev.halfopen.claims;

import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** Ephemeral ports: how many there are, and how fast a proxy uses them up. */
final class PortClaims {
  /** Ports of the sweep of remedies. */
  private static final int FEW_PORTS = 1000;

  /** What they sustain: all of them once per cycle of 61.44 s. */
  private static final double FEW_RATE = FEW_PORTS / 61.44;

  /** Above what the default range sustains. */
  private static final double SATURATING_RATE = 500;

  private PortClaims() {}

  /** A9. */
  static void portRange(Evidence evidence) {
    ports(evidence, KernelProfile.LINUX_3_10, 28_233, 61_000);
    ports(evidence, KernelProfile.LINUX_6_18, 28_232, 60_999);
  }

  private static void ports(Evidence evidence, KernelProfile kernel, int count, int last) {
    Lab lab = new Lab(kernel);
    lab.captures = false;
    lab.server.set(Sysctl.SOMAXCONN, 65_535).set(Sysctl.TCP_MAX_SYN_BACKLOG, 65_535);
    lab.server.listens(65_535);
    SocketControl control = lab.client.control();
    int[] seen = {0, 65_535, 0, 0};
    lab.client.does(() -> connectUntilRefused(lab, control, seen));
    lab.run(1);
    evidence.show(
        seen[0] == count
            && seen[1] == 32_768
            && seen[2] == last
            && seen[3] == Errno.EADDRNOTAVAIL
            && lab.client.established() == count,
        kernel.name()
            + ": "
            + Say.grouped(seen[0])
            + " connections to one destination, ports "
            + seen[1]
            + ".."
            + seen[2]
            + ", then "
            + Errno.name(seen[3]));
  }

  /** Count, least port, greatest port, errno. */
  private static void connectUntilRefused(Lab lab, SocketControl control, int[] seen) {
    for (; ; ) {
      var made = lab.client.program.connect(lab.server.address(), Lab.PORT, SocketOptions.DEFAULT);
      if (made.hasFailed()) {
        seen[3] = made.errno;
        return;
      }
      int port = control.localPort(made.socket);
      seen[0]++;
      seen[1] = Math.min(seen[1], port);
      seen[2] = Math.max(seen[2], port);
    }
  }

  /** A proxy and its upstreams; only the proxy's settings differ. */
  private static final class Proxy {
    final Lab lab;
    final Machine proxy;
    final PortLoad load;

    Proxy(KernelProfile kernel, int addresses, int upstreams, double rate, boolean closesFirst) {
      lab = new Lab(kernel);
      proxy = lab.farm("proxy", kernel, addresses);
      int[] to = new int[upstreams];
      for (int i = 0; i < upstreams; i++) {
        Machine upstream = lab.machine("upstream-" + (i + 1), kernel);
        lab.cable(proxy, upstream);
        OriginServerConfig config = new OriginServerConfig();
        config.listenPort = Lab.PORT;
        upstream.runs(new OriginServer(config));
        to[i] = upstream.address();
      }
      load = new PortLoad(rate, closesFirst, to);
      proxy.runs(load);
    }

    Proxy(int upstreams, double rate) {
      this(KernelProfile.LINUX_6_18, 1, upstreams, rate, true);
    }

    Proxy runUntil(double seconds) {
      lab.run(seconds);
      return this;
    }

    /** Until the ports have run out, come back, run out and come back again. */
    Proxy runCycle() {
      lab.await(200, Say.SECOND_NS, load::hasCycle);
      return this;
    }
  }

  /** A10. */
  static void ratePerPool(Evidence evidence) {
    saturated(evidence, KernelProfile.LINUX_6_18, 28_232, 459.0, 460.0);
    saturated(evidence, KernelProfile.LINUX_3_10, 28_233, 470.0, 471.0);
    Proxy four = new Proxy(4, 4000).runUntil(29);
    evidence.show(
        four.load.madeBeforeRefusal == 4 * 28_232L
            && four.proxy.counter(Mib.TIME_WAIT_OVERFLOW) == 0,
        "4 upstreams: "
            + Say.grouped(four.load.madeBeforeRefusal)
            + " connections until the first refusal");
    Proxy five = new Proxy(5, 5000).runUntil(29);
    evidence.show(
        five.load.refused == 0 && five.proxy.counter(Mib.TIME_WAIT_OVERFLOW) > 0,
        "5 upstreams: "
            + five.load.refused
            + " refused in "
            + Say.time(five.lab.nowS())
            + ", "
            + Say.grouped(five.proxy.timeWaits())
            + " TIME_WAIT and "
            + Say.grouped(five.proxy.counter(Mib.TIME_WAIT_OVERFLOW))
            + " closed without");
    Proxy upstreamCloses = new Proxy(KernelProfile.LINUX_6_18, 1, 1, 1000, false).runUntil(30);
    evidence.show(
        upstreamCloses.load.refused == 0 && upstreamCloses.proxy.timeWaits() == 0,
        "upstream closes first: "
            + upstreamCloses.load.refused
            + " refused of "
            + Say.grouped(upstreamCloses.load.made));
  }

  private static void saturated(
      Evidence evidence, KernelProfile kernel, int ports, double low, double high) {
    Proxy p = new Proxy(kernel, 1, 1, SATURATING_RATE, true).runCycle();
    evidence.show(
        p.load.madeBeforeRefusal == ports && Say.isBetween(p.load.sustained(), low, high),
        kernel.name()
            + " at 500/s: "
            + Say.grouped(p.load.madeBeforeRefusal)
            + " connections until "
            + Say.time(Say.seconds(p.load.firstRefusalNs))
            + ", then "
            + Say.number(p.load.sustained(), 1)
            + "/s");
  }

  /** A13: 1000 ports and 250 requests a second. */
  static void remedies(Evidence evidence) {
    sustains(evidence, "no remedy", few(1, 1), FEW_RATE);
    Proxy finTimeout = few(1, 1);
    finTimeout.proxy.set(Sysctl.TCP_FIN_TIMEOUT, 5);
    sustains(evidence, "tcp_fin_timeout=5", finTimeout, FEW_RATE);
    Proxy wide = few(1, 1);
    wide.proxy.ports(10_000, 4 * FEW_PORTS);
    sustains(evidence, "four times the ports", wide, 4 * FEW_RATE);
    sustains(evidence, "a second address", few(2, 1), 2 * FEW_RATE);
    sustains(evidence, "a second upstream", few(1, 2), 2 * FEW_RATE);
    Proxy noStamps = few(1, 1);
    noStamps.proxy.set(Sysctl.TCP_TW_REUSE, 1).set(Sysctl.TCP_TIMESTAMPS, 0);
    sustains(evidence, "tcp_tw_reuse=1 without timestamps", noStamps, FEW_RATE);
    Proxy reuse = few(1, 1);
    reuse.proxy.set(Sysctl.TCP_TW_REUSE, 1);
    reuse.runUntil(130);
    evidence.show(
        reuse.load.refused == 0, "tcp_tw_reuse=1: all 250/s, " + reuse.load.refused + " refused");
    BehindNat.show(evidence);
  }

  private static Proxy few(int addresses, int upstreams) {
    Proxy p = new Proxy(KernelProfile.LINUX_6_18, addresses, upstreams, 250, true);
    p.proxy.ports(40_000, FEW_PORTS);
    return p;
  }

  private static void sustains(Evidence evidence, String remedy, Proxy proxy, double expected) {
    double rate = proxy.runCycle().load.sustained();
    evidence.show(
        Math.abs(rate - expected) < 0.01 * expected, remedy + ": " + Say.number(rate, 1) + "/s");
  }
}
