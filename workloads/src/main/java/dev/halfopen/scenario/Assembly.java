package dev.halfopen.scenario;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.SynFlood;
import dev.halfopen.net.Host;
import dev.halfopen.world.World;
import java.util.List;
import java.util.Map;

/**
 * A world that was built from a scenario, with what one needs to ask it for results.
 *
 * @param hosts by their names, in the order of the scenario
 * @param loads in the order of the scenario
 */
public record Assembly(
    WorldSpec spec,
    World world,
    Map<String, Host> hosts,
    List<Load> loads,
    List<Proxy> proxies,
    List<Server> servers,
    List<Flood> floods) {
  /** A load and the farm that offers it. */
  public record Load(LoadSpec spec, ClientFarm farm) {}

  /** A reverse proxy on its host. */
  public record Proxy(HostSpec host, AppSpec.ReverseProxy spec, ReverseProxy app) {}

  /** A server on its host. */
  public record Server(HostSpec host, AppSpec.HttpServer spec, OriginServer app) {}

  /** A flood and what sends it. */
  public record Flood(FloodSpec spec, SynFlood app) {}

  /** The core's host of this name. */
  public Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("no host " + name);
    }
    return host;
  }
}
