package dev.halfopen.report;

import dev.halfopen.scenario.AppSpec;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.DatabaseSpec;
import dev.halfopen.scenario.DnsServerSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.LoadSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.WorldSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whose resource it is that a root cause tells of: a host on the way of the load that it hit. */
enum Whose {
  CLIENTS,
  /** The pool on which most waited in vain. */
  POOL,
  /** The database that refused most, or that the pools ask. */
  DATABASE,
  RESOLVER,
  /** Of the load's proxy; without one the host that the load goes to. */
  UPSTREAM,
  /** The host on the way that went away; if none did, the last one. */
  PEER;

  /** What databases and pools count when they turn somebody away. */
  private static final List<String> REFUSALS = List.of("refused", "refusedWrites");

  private static final String POOL_TIMEOUTS = "timeouts";

  /** Whether it may be one of the upstreams of a proxy, which counts them apart. */
  boolean isOnTheWay() {
    return this == UPSTREAM || this == PEER;
  }

  /** The host's name. */
  String host(RunResult result, Collection<String> causes) {
    WorldSpec world = result.scenario().world();
    LoadSpec load = worst(result, causes);
    List<HostSpec> servers = world.group(load.to());
    return switch (this) {
      case CLIENTS -> first(world.group(load.from())).orElse(load.from());
      case POOL ->
          most(result, ConnectionPoolSpec.class, List.of(POOL_TIMEOUTS))
              .or(() -> first(with(ConnectionPoolSpec.class, servers)))
              .orElse(load.to());
      case DATABASE ->
          most(result, DatabaseSpec.class, REFUSALS)
              .or(() -> gone(world, databases(world)))
              .or(() -> first(databases(world)))
              .orElse(load.to());
      case RESOLVER -> first(with(DnsServerSpec.class, world.hosts())).orElse(load.to());
      case UPSTREAM -> first(upstreams(world, servers)).or(() -> first(servers)).orElse(load.to());
      case PEER -> peer(world, servers).orElse(load.to());
    };
  }

  /** The load with most failures of these causes; the first if there are none. */
  private static LoadSpec worst(RunResult result, Collection<String> causes) {
    List<LoadSpec> loads = result.scenario().world().loads();
    LoadSpec worst = loads.get(0);
    long most = 0;
    for (LoadSpec load : loads) {
      long here =
          Expectations.load(result, load.name())
              .map(l -> causes.stream().mapToLong(c -> l.failures().getOrDefault(c, 0L)).sum())
              .orElse(0L);
      if (here > most) {
        most = here;
        worst = load;
      }
    }
    return worst;
  }

  /** The host whose application of a role counted most. */
  private static Optional<String> most(
      RunResult result, Class<? extends AppSpec> role, List<String> figures) {
    Optional<String> host = Optional.empty();
    long most = 0;
    for (HostSpec spec : with(role, result.scenario().world().hosts())) {
      for (Map.Entry<String, Map<String, Long>> app : result.apps().entrySet()) {
        boolean isHere = app.getKey().startsWith(spec.name() + "/");
        long here =
            isHere ? figures.stream().mapToLong(f -> app.getValue().getOrDefault(f, 0L)).sum() : 0;
        if (here > most) {
          most = here;
          host = Optional.of(spec.name());
        }
      }
    }
    return host;
  }

  private static Optional<String> peer(WorldSpec world, List<HostSpec> servers) {
    List<HostSpec> way = new ArrayList<>(servers);
    List<HostSpec> last = servers;
    if (!upstreams(world, servers).isEmpty()) {
      last = upstreams(world, servers);
      way.addAll(last);
    }
    if (!with(ConnectionPoolSpec.class, way).isEmpty()) {
      last = databases(world);
      way.addAll(last);
    }
    Optional<String> end = first(last);
    return gone(world, way).or(() -> end);
  }

  private static List<HostSpec> upstreams(WorldSpec world, List<HostSpec> servers) {
    return servers.stream()
        .flatMap(h -> h.apps(ReverseProxySpec.class).stream())
        .map(p -> p.upstream().toGroup())
        .distinct()
        .flatMap(group -> world.group(group).stream())
        .toList();
  }

  /** Those that pools ask, by the name of their host or by one that a resolver knows. */
  private static List<HostSpec> databases(WorldSpec world) {
    List<String> asked = new ArrayList<>();
    for (HostSpec host : world.hosts()) {
      for (ConnectionPoolSpec pool : host.apps(ConnectionPoolSpec.class)) {
        asked.add(world.target(pool.to()));
      }
    }
    return world.hosts().stream()
        .filter(h -> asked.contains(h.name()) || asked.contains(h.group()))
        .toList();
  }

  /** The first of these hosts that lost its power or its applications. */
  private static Optional<String> gone(WorldSpec world, List<HostSpec> hosts) {
    return Outages.of(world).ends().stream()
        .map(Outages.End::host)
        .filter(name -> hosts.stream().anyMatch(h -> h.name().equals(name)))
        .findFirst();
  }

  private static List<HostSpec> with(Class<? extends AppSpec> role, List<HostSpec> hosts) {
    return hosts.stream().filter(h -> h.hasApp(role)).toList();
  }

  private static Optional<String> first(List<HostSpec> hosts) {
    return hosts.stream().map(HostSpec::name).findFirst();
  }
}
