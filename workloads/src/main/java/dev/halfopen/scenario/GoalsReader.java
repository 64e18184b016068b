package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code measure:} and {@code thresholds:}. */
final class GoalsReader {
  private GoalsReader() {}

  static Goals read(MapReader top) {
    MapReader measure = top.mapOrEmpty("measure");
    long fromNs = top.has("measure") ? measure.durationNs("from", "0s", "0s..720h") : 0;
    measure.finish();
    List<ThresholdSpec> thresholds = new ArrayList<>();
    int index = 0;
    for (YamlNode item : top.list("thresholds")) {
      String path = "thresholds[" + index++ + "]";
      try {
        thresholds.add(ThresholdSpec.parse(ParameterType.text(item)));
      } catch (IllegalArgumentException e) {
        top.context().problems().add(item.mark(), path, Problems.text(e));
      }
    }
    return new Goals(fromNs, thresholds);
  }

  /** Refuses metrics of loads and hosts that are not there. */
  static void check(Goals goals, WorldChecks checks) {
    WorldSpec world = checks.world();
    WorldChecks.Place place = checks.place("thresholds");
    if (goals.measureFromNs() > 0 && goals.measureFromNs() >= world.durationNs()) {
      checks.problem(
          checks.place("measure", "from"),
          "nothing is left to measure: the run ends at "
              + EffectiveScenario.duration(world.durationNs()));
    }
    for (ThresholdSpec threshold : goals.thresholds()) {
      check(threshold.metric(), place, checks);
    }
  }

  /** Refuses a metric of a load or a host that is not there. */
  static void check(MetricSpec metric, WorldChecks.Place place, WorldChecks checks) {
    WorldSpec world = checks.world();
    if (metric.name().equals("ports")) {
      if (checks.known(metric.subject(), place) && !hasPorts(metric, world)) {
        checks.problem(
            place,
            "\""
                + metric.text()
                + "\": no application of "
                + metric.subject()
                + " connects to "
                + metric.argument());
      }
      return;
    }
    if (metric.isResource()) {
      String problem = ResourceNames.problem(metric, world);
      if (!problem.isEmpty()) {
        checks.problem(place, problem);
      }
      return;
    }
    List<String> loads = world.requestLoads().stream().map(LoadSpec::name).toList();
    if (!loads.contains(metric.subject())) {
      checks.problem(
          place,
          "\""
              + metric.text()
              + "\": no load "
              + metric.subject()
              + Suggest.hint(metric.subject(), loads)
              + "; loads of requests: "
              + String.join(", ", loads));
    }
  }

  private static boolean hasPorts(MetricSpec metric, WorldSpec world) {
    return world.group(metric.subject()).stream()
        .flatMap(h -> h.apps(ReverseProxySpec.class).stream())
        .map(ReverseProxySpec::upstream)
        .anyMatch(up -> (up.toGroup() + ":" + up.toPort()).equals(metric.argument()));
  }
}
