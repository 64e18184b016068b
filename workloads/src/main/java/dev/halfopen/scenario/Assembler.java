package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.LoadSource;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import dev.halfopen.net.capture.Capture;
import dev.halfopen.net.capture.PacketFilter;
import dev.halfopen.world.Faults;
import dev.halfopen.world.WorldBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Builds the world of a scenario: hosts with their parts, links, applications, loads, faults. What
 * each kind is made of its class in {@link Registry} knows.
 */
public final class Assembler {
  private final WorldSpec spec;
  private final WorldBuilder builder;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<String, Assembly.App> apps = new LinkedHashMap<>();
  private final List<Assembly.Load> loads = new ArrayList<>();
  private final List<Assembly.Source> sources = new ArrayList<>();

  private Assembler(WorldSpec spec, WorldBuilder builder) {
    this.spec = spec;
    this.builder = builder;
  }

  /**
   * Builds.
   *
   * @param sampleNs virtual time between two calls of {@code sampler}
   */
  public static Assembly assemble(
      WorldSpec spec, MemoryBudget budget, long sampleNs, WorldBuilder.Sampler sampler) {
    return assemble(spec, budget, sampleNs, sampler, 1, Thread::new, null);
  }

  /**
   * Builds.
   *
   * @param threads that may run the world, at most
   * @param workers makes all but the one that calls
   * @param capture takes the packets; null: nobody does
   */
  public static Assembly assemble(
      WorldSpec spec,
      MemoryBudget budget,
      long sampleNs,
      WorldBuilder.Sampler sampler,
      int threads,
      ThreadFactory workers,
      @Nullable Capture capture) {
    WorldBuilder builder = new WorldBuilder(spec.seed(), budget);
    builder.until(spec.durationNs()).threads(threads, workers);
    Sharding.of(spec).apply(builder);
    builder.sample(sampleNs, sampler);
    if (capture != null) {
      builder.capture(capture, hostNames(spec));
    }
    return new Assembler(spec, builder).assemble();
  }

  /** What the names in a capture's filter stand for: the world's hosts are built in this order. */
  public static PacketFilter.HostNames hostNames(WorldSpec spec) {
    return name -> {
      int[] ids =
          spec.group(name).stream().mapToInt(h -> spec.hosts().indexOf(h)).sorted().toArray();
      if (ids.length == 0) {
        List<String> known = spec.hosts().stream().map(HostSpec::name).toList();
        throw new IllegalArgumentException("no host " + name + Suggest.hint(name, known));
      }
      return ids;
    };
  }

  private Assembly assemble() {
    for (HostSpec host : spec.hosts()) {
      hosts.put(
          host.name(),
          host.isFarm()
              ? builder.farm(host.name(), host.sysctls().profile(), host.addresses())
              : builder.host(host.name(), host.sysctls().profile()));
    }
    for (HostSpec host : spec.hosts()) {
      host.parts().forEach(part -> buildPart(Registry.hostPartOf(part), part, host));
    }
    spec.links().forEach(this::link);
    for (HostSpec host : spec.hosts()) {
      host.apps().forEach(place -> app(host, place.name()));
    }
    spec.loads().forEach(load -> buildLoad(Registry.loadKindOf(load), load));
    spec.faults().forEach(fault -> plan(Registry.faultKindOf(fault), fault));
    ConnectionStates.instantNs(spec)
        .ifPresent(ns -> apps.values().forEach(app -> ConnectionStates.plan(ns, app, this)));
    return new Assembly(
        spec,
        builder.build(),
        Collections.unmodifiableMap(hosts),
        List.copyOf(apps.values()),
        List.copyOf(loads),
        List.copyOf(sources));
  }

  // ---- what the kinds ask for

  WorldSpec spec() {
    return spec;
  }

  WorldBuilder builder() {
    return builder;
  }

  Faults faults() {
    return builder.faults();
  }

  /** The core's host of this name. */
  Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IllegalStateException("no host " + name);
    }
    return host;
  }

  /** The core's hosts of a group. */
  List<Host> hosts(String group) {
    return spec.group(group).stream().map(h -> host(h.name())).toList();
  }

  /** The first address of each host of a group. */
  int[] addressesOf(String group) {
    return hosts(group).stream().mapToInt(Host::firstAddress).toArray();
  }

  /** An application of a host; built now if it has not been, so that others can refer to it. */
  Application app(HostSpec host, String name) {
    String key = host.name() + "/" + name;
    Assembly.App there = apps.get(key);
    if (there != null) {
      return there.app();
    }
    AppPlace place = host.app(name).orElseThrow();
    Application app = buildApp(Registry.roleOf(place.spec()), place.spec(), host);
    builder.application(host(host.name()), app);
    apps.put(key, new Assembly.App(host, place.name(), place.spec(), app));
    return app;
  }

  /** A load of requests has been built. */
  void placedLoad(LoadSpec load, LoadSource farm) {
    loads.add(new Assembly.Load(load, farm));
  }

  /** A load of another kind has been built. */
  void placed(LoadSpec load, Object source) {
    sources.add(new Assembly.Source(load, source));
  }

  // ---- a spec and its class fit together, as the registry has found one by the other

  private <S extends AppSpec> Application buildApp(AppRole<S> role, AppSpec app, HostSpec host) {
    return role.build(role.specType().cast(app), host, this);
  }

  private <S extends LoadSpec> void buildLoad(LoadKind<S> kind, LoadSpec load) {
    kind.build(kind.specType().cast(load), this);
  }

  private <S extends FaultSpec> void plan(FaultKind<S> kind, FaultSpec fault) {
    kind.plan(kind.specType().cast(fault), this);
  }

  private <S extends HostPartSpec> void buildPart(
      HostPart<S> kind, HostPartSpec part, HostSpec host) {
    kind.build(kind.specType().cast(part), host, host(host.name()), this);
  }

  // ---- links

  private void link(LinkSpec link) {
    for (HostSpec a : spec.group(link.a())) {
      for (HostSpec b : spec.group(link.b())) {
        Host from = host(a.name());
        Host to = host(b.name());
        builder.link(from, to, bitsPerSecond(link), link.rttNs() / 2, link.queueBytes());
        impair(from, to, link.forth());
        impair(to, from, link.back());
      }
    }
  }

  /** What a link and the network cards at its ends let through. */
  long bitsPerSecond(LinkSpec link) {
    long rate = link.bitsPerSecond();
    for (String group : new String[] {link.a(), link.b()}) {
      long nic =
          spec.group(group).get(0).part(CpuSpec.class).map(CpuSpec::nicBitsPerSecond).orElse(0L);
      rate = nic > 0 ? Math.min(rate, nic) : rate;
    }
    return rate;
  }

  private void impair(Host from, Host to, LinkSpec.Troubles troubles) {
    if (troubles.areNone()) {
      return;
    }
    Impairments impairments = builder.impair(from, to);
    impairments.loss(troubles.loss()).duplication(troubles.duplicate());
    impairments.jitter(troubles.jitterNs(), true);
    if (troubles.reorder() > 0) {
      impairments.reordering(troubles.reorder(), troubles.reorderNs());
    }
  }
}
