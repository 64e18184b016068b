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
  private final Set<String> names = new LinkedHashSet<>();

  /** Which fault is being checked. */
  private int faultAt;

  WorldChecks(WorldSpec world, MapReader top, Problems problems) {
    this.world = world;
    this.top = top;
    this.problems = problems;
    world.hosts().forEach(h -> groups.add(h.group()));
    names.addAll(groups);
    world.hosts().forEach(h -> names.add(h.name()));
  }

  /** Where something stands in the scenario, and how errors call it. */
  record Place(Mark mark, String path) {}

  void check() {
    world.links().forEach(this::checkLink);
    world.loads().forEach(load -> checkLoad(Registry.loadKindOf(load), load));
    Set<String> seen = new LinkedHashSet<>();
    for (HostSpec host : world.hosts()) {
      if (seen.add(host.group())) {
        checkHost(host);
      }
    }
    checkFaults();
    world.names().forEach(this::checkName);
    GoalsReader.check(world.goals(), this);
  }

  WorldSpec world() {
    return world;
  }

  // ---- the parts, each by its class

  private void checkHost(HostSpec host) {
    for (AppPlace app : host.apps()) {
      checkApp(Registry.roleOf(app.spec()), app, host);
    }
    for (HostPartSpec part : host.parts()) {
      checkPart(Registry.hostPartOf(part), part, host);
    }
    checkPorts(host);
  }

  private <S extends AppSpec> void checkApp(AppRole<S> role, AppPlace app, HostSpec host) {
    role.check(role.specType().cast(app.spec()), host, app.name(), this);
  }

  private <S extends HostPartSpec> void checkPart(
      HostPart<S> kind, HostPartSpec part, HostSpec host) {
    kind.check(kind.specType().cast(part), host, this);
  }

  private <S extends LoadSpec> void checkLoad(LoadKind<S> kind, LoadSpec load) {
    kind.check(kind.specType().cast(load), this);
  }

  /** Each item of the list has become a fault: whatever could not is an error before. */
  private void checkFaults() {
    for (FaultSpec fault : world.faults()) {
      checkFault(Registry.faultKindOf(fault), fault);
      faultAt++;
    }
  }

  private <S extends FaultSpec> void checkFault(FaultKind<S> kind, FaultSpec fault) {
    kind.check(kind.specType().cast(fault), this);
  }

  private void checkPorts(HostSpec host) {
    Set<Integer> ports = new LinkedHashSet<>();
    for (AppPlace app : host.apps()) {
      int port = app.spec().port();
      if (port != 0 && !ports.add(port)) {
        problem(
            place("hosts", host.group(), "apps", app.name(), "listen"),
            "another application of " + host.group() + " listens on " + port + ", too");
      }
    }
  }

  private void checkLink(LinkSpec link) {
    Place links = place("links");
    known(link.a(), links);
    known(link.b(), links);
    if (link.a().equals(link.b())) {
      problem(links, link.a() + " is linked to itself");
    }
  }

  private void checkName(NameSpec name) {
    host(name.host(), place("names", name.name(), "address"));
    host(name.server(), place("names", name.name(), "server"));
  }

  // ---- what the classes ask for

  /** The place of the value that these keys lead to, or of the last of them that is there. */
  Place place(String... keys) {
    YamlNode node = top.node();
    for (String key : keys) {
      if (node instanceof YamlNode.Mapping m && m.get(key).isPresent()) {
        node = m.get(key).get();
      }
    }
    return new Place(node.mark(), String.join(".", keys));
  }

  /** The place of a key's value in the fault that is being checked, or of that fault. */
  Place fault(String key) {
    if (top.node().get("faults").orElse(null) instanceof YamlNode.Sequence list
        && list.items().get(faultAt) instanceof YamlNode.Mapping fault) {
      return new Place(
          fault.get(key).map(YamlNode::mark).orElse(fault.mark()),
          "faults[" + faultAt + "]." + key);
    }
    return place("faults");
  }

  void problem(Place place, String message) {
    problems.add(place.mark(), place.path(), message);
  }

  /** Notes an error unless there is a group, or a host of a group, of this name. */
  boolean known(String group, Place place) {
    if (names.contains(group)) {
      return true;
    }
    problem(
        place,
        "no host " + group + Suggest.hint(group, names) + "; hosts: " + String.join(", ", groups));
    return false;
  }

  /** The single host of this name, or empty, with an error noted. */
  Optional<HostSpec> host(String name, Place place) {
    if (!known(name, place)) {
      return Optional.empty();
    }
    List<HostSpec> hosts = world.group(name);
    if (hosts.size() > 1) {
      problem(
          place,
          name
              + " is a group; name one of its hosts, "
              + hosts.get(0).name()
              + " to "
              + hosts.get(hosts.size() - 1).name());
      return Optional.empty();
    }
    return Optional.of(hosts.get(0));
  }

  /** Notes an error unless two groups are linked. */
  void linked(String a, String b, Place place) {
    if (!names.contains(a) || !names.contains(b)) {
      return;
    }
    String groupA = world.group(a).get(0).group();
    String groupB = world.group(b).get(0).group();
    if (world.link(groupA, groupB).isEmpty() && world.link(a, b).isEmpty()) {
      problem(place, "no link between " + a + " and " + b);
    }
  }

  /** Notes an error unless a group listens on a port. */
  void listener(String group, int port, Place place) {
    HostSpec host = world.group(group).get(0);
    List<Integer> ports =
        host.apps().stream().map(a -> a.spec().port()).filter(p -> p != 0).toList();
    if (ports.isEmpty()) {
      problem(place, group + " has no application that listens");
    } else if (!ports.contains(port)) {
      String listens = String.join(" and ", ports.stream().map(String::valueOf).toList());
      problem(place, group + " listens on " + listens + ", not on " + port);
    }
  }
}
