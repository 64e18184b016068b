package dev.halfopen.scenario;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What only shows when the parts of a scenario are put side by side. */
final class WorldChecks {
  private final WorldSpec world;
  private final MapReader top;
  private final Problems problems;
  private final Set<String> groups = new LinkedHashSet<>();

  WorldChecks(WorldSpec world, MapReader top, Problems problems) {
    this.world = world;
    this.top = top;
    this.problems = problems;
    world.hosts().forEach(h -> groups.add(h.group()));
  }

  void check() {
    world.links().forEach(this::checkLink);
    for (LoadSpec load : world.loads()) {
      checkLoad(load);
    }
    world.floods().forEach(this::checkFlood);
    for (HostSpec host : world.hosts()) {
      if (host.app().orElse(null) instanceof AppSpec.ReverseProxy proxy) {
        checkProxy(host, proxy);
      }
    }
  }

  private Mark at(String... keys) {
    YamlNode node = top.node();
    for (String key : keys) {
      if (node instanceof YamlNode.Mapping m && m.get(key).isPresent()) {
        node = m.get(key).get();
      }
    }
    return node.mark();
  }

  private boolean known(String group, Mark mark, String path) {
    if (groups.contains(group)) {
      return true;
    }
    problems.add(
        mark,
        path,
        "no host " + group + Suggest.hint(group, groups) + "; hosts: " + String.join(", ", groups));
    return false;
  }

  private void checkLink(LinkSpec link) {
    known(link.a(), at("links"), "links");
    known(link.b(), at("links"), "links");
    if (link.a().equals(link.b())) {
      problems.add(at("links"), "links", link.a() + " is linked to itself");
    }
  }

  private void checkLinked(String a, String b, Mark mark, String path) {
    boolean linked =
        world.links().stream()
            .anyMatch(
                l -> (l.a().equals(a) && l.b().equals(b)) || (l.a().equals(b) && l.b().equals(a)));
    if (!linked && groups.contains(a) && groups.contains(b)) {
      problems.add(mark, path, "no link between " + a + " and " + b);
    }
  }

  private void checkLoad(LoadSpec load) {
    String path = "load." + load.name();
    Mark from = at("load", load.name(), "from");
    if (known(load.from(), from, path + ".from")) {
      List<HostSpec> sources = world.group(load.from());
      if (sources.get(0).isForger()) {
        problems.add(
            from, path + ".from", load.from() + " has no machines that could wait for an answer");
      }
      if (sources.size() > 1 || sources.get(0).app().isPresent()) {
        problems.add(
            from, path + ".from", load.from() + " must be one host or farm without applications");
      }
    }
    Mark to = at("load", load.name(), "to");
    if (known(load.to(), to, path + ".to")) {
      checkListener(load.to(), load.toPort(), to, path + ".to");
      checkLinked(load.from(), load.to(), to, path + ".to");
      if (world.group(load.to()).size() != 1) {
        problems.add(to, path + ".to", "load on a group of several hosts is not modelled yet");
      }
    }
    long others = world.loads().stream().filter(l -> l.from().equals(load.from())).count();
    if (others > 1) {
      problems.add(from, path + ".from", "several loads from one host are not modelled yet");
    }
  }

  private void checkFlood(FloodSpec flood) {
    String path = "load." + flood.name();
    Mark from = at("load", flood.name(), "from");
    if (known(flood.from(), from, path + ".from")) {
      boolean forges = world.group(flood.from()).get(0).isForger();
      if (forges && !flood.areSpoofed()) {
        problems.add(from, path + ".from", flood.from() + " has no addresses of its own");
      }
    }
    Mark to = at("load", flood.name(), "to");
    if (known(flood.to(), to, path + ".to")) {
      checkListener(flood.to(), flood.toPort(), to, path + ".to");
      checkLinked(flood.from(), flood.to(), to, path + ".to");
      if (world.group(flood.to()).size() != 1) {
        problems.add(to, path + ".to", "a flood on a group of several hosts is not modelled yet");
      }
    }
  }

  private void checkListener(String group, int port, Mark mark, String path) {
    Optional<AppSpec> app = world.group(group).get(0).app();
    if (app.isEmpty()) {
      problems.add(mark, path, group + " has no application");
    } else if (app.get().port() != port) {
      problems.add(mark, path, group + " listens on " + app.get().port() + ", not on " + port);
    }
  }

  private void checkProxy(HostSpec host, AppSpec.ReverseProxy proxy) {
    String path = "hosts." + host.group() + ".apps." + host.appName() + ".upstream.to";
    Mark mark = at("hosts", host.group(), "apps", host.appName(), "upstream", "to");
    String to = proxy.upstream().toGroup();
    if (!known(to, mark, path)) {
      return;
    }
    checkListener(to, proxy.upstream().toPort(), mark, path);
    checkLinked(host.group(), to, mark, path);
    boolean servers =
        world.group(to).stream().allMatch(h -> h.app().orElse(null) instanceof AppSpec.HttpServer);
    if (!servers) {
      problems.add(mark, path, to + " is not a httpServer; chains of proxies are not modelled yet");
    }
  }
}
