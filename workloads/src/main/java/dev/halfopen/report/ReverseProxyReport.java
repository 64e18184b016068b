package dev.halfopen.report;

import dev.halfopen.app.ProxyStats;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HostSysctls;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.tcp.HostTcp;
import java.util.ArrayList;
import java.util.List;

/** A reverse proxy: its local ports towards its servers. */
final class ReverseProxyReport implements RoleReport<ReverseProxySpec> {
  @Override
  public Class<ReverseProxySpec> specType() {
    return ReverseProxySpec.class;
  }

  @Override
  public List<Column> columns(Assembly.App app, ReverseProxySpec spec, Assembly world) {
    ReverseProxySpec.UpstreamSide up = spec.upstream();
    String name = column(app.host().name(), up.toGroup(), up.toPort());
    return List.of(new Column(name, () -> portsInUse(app, up, world)));
  }

  /** The column of a host's ports towards a group. */
  static String column(String host, String toGroup, int toPort) {
    return host + ".ports(" + toGroup + ":" + toPort + ")";
  }

  /** Over all servers of the proxy's upstream group. */
  private static long portsInUse(
      Assembly.App app, ReverseProxySpec.UpstreamSide up, Assembly world) {
    HostTcp tcp = Recorder.tcp(world, app.host());
    long sum = 0;
    for (HostSpec server : world.spec().group(up.toGroup())) {
      sum += tcp.portsInUse(world.host(server.name()).firstAddress(), up.toPort());
    }
    return sum;
  }

  /** Ports towards each server of each proxy. */
  static List<PortUse> ports(Assembly world) {
    List<PortUse> all = new ArrayList<>();
    for (Assembly.App app : world.apps()) {
      if (app.spec() instanceof ReverseProxySpec spec) {
        ports(app, spec.upstream(), world, all);
      }
    }
    return all;
  }

  private static void ports(
      Assembly.App app, ReverseProxySpec.UpstreamSide up, Assembly world, List<PortUse> all) {
    HostTcp tcp = Recorder.tcp(world, app.host());
    HostSysctls sysctls = app.host().sysctls();
    for (HostSpec server : world.spec().group(up.toGroup())) {
      int address = world.host(server.name()).firstAddress();
      all.add(
          new PortUse(
              app.host().name(),
              server.name(),
              up.toPort(),
              tcp.portsPeak(address, up.toPort()),
              ProxyShape.rangeSize(sysctls),
              ProxyShape.triedPorts(sysctls),
              tcp.portsPeakAtNs(address, up.toPort()),
              tcp.portsInUse(address, up.toPort())));
    }
  }

  /** What each proxy did. */
  static List<RunResult.ProxyFigures> proxies(Assembly world) {
    List<RunResult.ProxyFigures> all = new ArrayList<>();
    for (Assembly.App app : world.apps()) {
      if (app.app() instanceof ReverseProxy proxy) {
        ProxyStats stats = proxy.stats();
        all.add(
            new RunResult.ProxyFigures(
                app.host().name(),
                stats.opened(),
                stats.reused(),
                stats.retries(),
                stats.noLiveUpstreams(),
                stats.closesByProxy(),
                stats.closesByUpstream(),
                stats.closesByError()));
      }
    }
    return all;
  }
}
