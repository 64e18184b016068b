package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.LoadSource;
import dev.halfopen.net.Host;
import dev.halfopen.world.World;
import java.util.List;
import java.util.Map;

/**
 * A world that was built from a scenario, with what one needs to ask it for results.
 *
 * @param hosts by their names, in the order of the scenario
 * @param apps in the order in which they were built
 * @param loads of requests, in the order of the scenario
 * @param sources of all other loads
 */
public record Assembly(
    WorldSpec spec,
    World world,
    Map<String, Host> hosts,
    List<App> apps,
    List<Load> loads,
    List<Source> sources) {
  /** An application on its host. */
  public record App(HostSpec host, String name, AppSpec spec, Application app) {}

  /** A load and the farm that offers it. */
  public record Load(LoadSpec spec, LoadSource farm) {}

  /** A load of another kind and what sends it. */
  public record Source(LoadSpec spec, Object source) {}

  /** The core's host of this name. */
  public Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("no host " + name);
    }
    return host;
  }
}
