package dev.halfopen.report;

import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.AppSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HostSysctls;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where in a scenario remedies have their keys. */
record RemedyScene(WorldSpec world, String host) {
  /** An application of a group. */
  record Place<S extends AppSpec>(String group, String name, S spec) {
    String key(String key) {
      return "hosts." + group + ".apps." + name + "." + key;
    }
  }

  /** The group of the host that ran short. */
  String group() {
    List<HostSpec> hosts = world.group(host);
    return hosts.isEmpty() ? host : hosts.get(0).group();
  }

  /** All applications of a role, once for each group. */
  <S extends AppSpec> List<Place<S>> all(Class<S> type) {
    List<Place<S>> found = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (HostSpec spec : world.hosts()) {
      if (groups.contains(spec.group())) {
        continue;
      }
      groups.add(spec.group());
      for (AppPlace app : spec.apps()) {
        if (type.isInstance(app.spec())) {
          found.add(new Place<>(spec.group(), app.name(), type.cast(app.spec())));
        }
      }
    }
    return found;
  }

  /** Those of the host that ran short. */
  <S extends AppSpec> List<Place<S>> here(Class<S> type) {
    return all(type).stream().filter(p -> p.group().equals(group())).toList();
  }

  /** The application of the host that ran short which listens there. */
  Optional<Place<AppSpec>> listener() {
    return here(AppSpec.class).stream().filter(p -> p.spec().port() != 0).findFirst();
  }

  String sysctl(Sysctl sysctl) {
    return sysctl(group(), sysctl);
  }

  static String sysctl(String group, Sysctl sysctl) {
    return group + ":" + sysctl.key();
  }

  String portRange() {
    return group() + ":" + HostSysctls.PORT_RANGE;
  }

  /** The larger one of what the host has and this. */
  String atLeast(Sysctl sysctl, long value) {
    return "" + Math.max(value, world.group(host).get(0).sysctls().get(sysctl));
  }
}
