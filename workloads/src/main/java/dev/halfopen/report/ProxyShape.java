package dev.halfopen.report;

import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HostSysctls;
import dev.halfopen.scenario.HttpServerSpec;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import java.util.List;
import java.util.Optional;

/**
 * A scenario seen as one load through one reverse proxy to a group of servers, whatever its name:
 * the shape that port-exhaustion has.
 */
public record ProxyShape(
    WorldSpec world,
    HostSpec proxy,
    ReverseProxySpec app,
    List<HostSpec> upstreams,
    HttpServerSpec server,
    RequestLoad load) {
  /** The shape, or empty where the scenario is something else. */
  public static Optional<ProxyShape> of(WorldSpec world) {
    if (world.loads().size() != 1 || world.requestLoads().size() != 1) {
      return Optional.empty();
    }
    RequestLoad load = world.requestLoads().get(0);
    if (!load.curve().isConstant() || load.fanOut() > 1) {
      return Optional.empty();
    }
    List<HostSpec> targets = world.group(load.to());
    if (targets.size() != 1
        || !(targets.get(0).listener(load.toPort()).map(AppPlace::spec).orElse(null)
            instanceof ReverseProxySpec app)
        || app.fanOut() > 1) {
      return Optional.empty();
    }
    ReverseProxySpec.UpstreamSide up = app.upstream();
    List<HostSpec> upstreams = world.group(up.toGroup());
    if (upstreams.isEmpty()
        || !(upstreams.get(0).listener(up.toPort()).map(AppPlace::spec).orElse(null)
            instanceof HttpServerSpec server)) {
      return Optional.empty();
    }
    return Optional.of(new ProxyShape(world, targets.get(0), app, upstreams, server, load));
  }

  ReverseProxySpec.UpstreamSide upstream() {
    return app.upstream();
  }

  double ratePerSecond() {
    return load.rate().perSecond();
  }

  boolean isConstant() {
    return load.arrivals() == RequestLoad.Arrivals.CONSTANT;
  }

  double durationSeconds() {
    return Figures.seconds(world.durationNs());
  }

  /** Ports that one connect() tries towards one server. */
  long portsPerUpstream() {
    return triedPorts(proxy.sysctls());
  }

  /** Ports that one connect() tries, over all servers. */
  long ports() {
    return portsPerUpstream() * upstreams.size();
  }

  /** Ports of the range, over all servers; more than {@link #ports} if its size is odd. */
  long portsInRange() {
    return rangeSize(proxy.sysctls()) * upstreams.size();
  }

  TimeWaitLife timeWaitLife() {
    return TimeWaitLife.of(proxy.sysctls().kernel(), proxy.sysctls().hz());
  }

  /** Time from the first SYN to the last ACK of an exchange without queues: three round trips. */
  double exchangeSeconds() {
    double rtt = Figures.seconds(world.rttNs(proxy.group(), upstream().toGroup()));
    double service = Figures.seconds(server.serviceTime().mostNs());
    return 3 * rtt + service;
  }

  static long rangeSize(HostSysctls sysctls) {
    return sysctls.get(Sysctl.PORT_RANGE_LAST) - sysctls.get(Sysctl.PORT_RANGE_FIRST) + 1;
  }

  /**
   * The size of the range; where connect() walks it by parity, an odd-sized range less one: {@code
   * remaining &= ~1U} in __inet_hash_connect, so that each walk leaves out a port, but not always
   * the same one.
   */
  static long triedPorts(HostSysctls sysctls) {
    long size = rangeSize(sysctls);
    boolean byParity = sysctls.kernel().portSearch() == KernelProfile.PortSearch.PARITY;
    return byParity && size > 1 ? size & ~1L : size;
  }

  /** Whether connect() takes over a port in TIME_WAIT, and so never runs out below ports/delay. */
  boolean reusesTimeWait() {
    boolean timestamps =
        proxy.sysctls().get(Sysctl.TCP_TIMESTAMPS) != 0
            && upstreams.get(0).sysctls().get(Sysctl.TCP_TIMESTAMPS) != 0;
    return proxy.sysctls().get(Sysctl.TCP_TW_REUSE) == 1 && timestamps;
  }

  double reuseDelaySeconds() {
    return proxy.sysctls().get(Sysctl.TCP_TW_REUSE_DELAY) / 1000.0;
  }

  long timeWaitBuckets() {
    return proxy.sysctls().get(Sysctl.TCP_MAX_TW_BUCKETS);
  }
}
