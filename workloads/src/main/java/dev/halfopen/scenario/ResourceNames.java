package dev.halfopen.scenario;

import java.util.List;

/** Whether the host, port or application that a metric of a resource names is there. */
public final class ResourceNames {
  private ResourceNames() {}

  /** What is wrong with the names, for the user; "" if nothing is. */
  public static String problem(MetricSpec metric, WorldSpec world) {
    List<HostSpec> hosts = world.group(metric.subject());
    if (hosts.isEmpty()) {
      List<String> groups = world.hosts().stream().map(HostSpec::group).distinct().toList();
      return metric.text() + ": " + missing("host", metric.subject(), groups);
    }
    HostSpec host = hosts.get(0);
    if (metric.isOfPort()) {
      List<String> ports =
          host.apps().stream()
              .map(app -> app.spec().port())
              .filter(port -> port != 0)
              .map(String::valueOf)
              .toList();
      return on(metric, "listener", ports);
    }
    if (!metric.isOfApp()) {
      return "";
    }
    boolean isPool = metric.name().equals("pool");
    List<String> apps =
        host.apps().stream()
            .filter(app -> isPool == (app.spec() instanceof ConnectionPoolSpec))
            .map(AppPlace::name)
            .toList();
    return on(metric, isPool ? "pool" : "server", apps);
  }

  private static String on(MetricSpec metric, String kind, List<String> known) {
    return known.contains(metric.argument())
        ? ""
        : metric.text()
            + ": on "
            + metric.subject()
            + " "
            + missing(kind, metric.argument(), known);
  }

  private static String missing(String kind, String name, List<String> known) {
    return "no "
        + kind
        + " "
        + name
        + Suggest.hint(name, known)
        + (known.isEmpty() ? "; it has none" : "; known: " + String.join(", ", known));
  }
}
