package dev.halfopen.report.sweep;

import dev.halfopen.report.Hangs;
import dev.halfopen.report.HostResult;
import dev.halfopen.report.LatencyResult;
import dev.halfopen.report.LoadResult;
import dev.halfopen.report.Metrics;
import dev.halfopen.report.PortUse;
import dev.halfopen.report.RunResult;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.MetricSpec;
import dev.halfopen.scenario.ResourceNames;
import dev.halfopen.scenario.ValueKind;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.SocketGauges;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A quantity of a run by the name that a scenario gives it: {@code shoppers.failed}, {@code
 * latency.p(99)}, {@code nginx.ports(app:8080).peak}, {@code nginx.timewait.peak}.
 *
 * @param unit "", "s", "ms"
 * @param isPercentile summed up over seeds by its median rather than its mean
 */
public record Measure(
    String name, String unit, boolean isPercentile, Function<RunResult, Reading> reading) {
  private static final double MS_NS = 1e6;
  private static final double SECOND_NS = 1e9;
  private static final Pattern LATENCY =
      Pattern.compile(
          "(?:([A-Za-z0-9-]+)\\.)?(latency|connect|timeToFailure)\\.(?:p\\((\\d+(?:\\.\\d+)?)\\)|(max))");
  private static final Pattern PORTS =
      Pattern.compile("([A-Za-z0-9-]+)\\.ports\\(([A-Za-z0-9-]+):(\\d+)\\)\\.peak");
  private static final Pattern SOCKETS = Pattern.compile("([A-Za-z0-9-]+)\\.([A-Za-z0-9]+)\\.peak");
  private static final Pattern LOAD = Pattern.compile("(?:([A-Za-z0-9-]+)\\.)?([A-Za-z]+)");

  private static final String KNOWN =
      "offered, succeeded, failed, failedShare, unfinished, attempts, firstFailure, outage,"
          + " oldestUnfinished, hang, latency.p(99), latency.max, connect.p(99), timeToFailure.max, "
          + MetricSpec.RESOURCE_FORMS
          + "; LOAD. before it for one load";

  /** What every sweep writes, before the quantities that the scenario asks for. */
  public static final List<String> ALWAYS =
      List.of(
          "offered",
          "succeeded",
          "failed",
          "failedShare",
          "unfinished",
          "firstFailure",
          "outage",
          "latency.p(50)",
          "latency.p(99)",
          "latency.max");

  /**
   * A value.
   *
   * @param isLowerBound the run ended before the value was known: it is at least this
   */
  public record Reading(double value, boolean isLowerBound) {
    /** Nothing was measured. */
    static final Reading NONE = new Reading(Double.NaN, false);

    static Reading of(double value) {
      return new Reading(value, false);
    }
  }

  /** The name of its column in results.csv. */
  public String column() {
    return unit.isEmpty() ? name : name + " " + unit;
  }

  /**
   * Reads a name.
   *
   * @param where for the error: an option or a place in a file
   */
  public static Measure parse(String text, String where) throws BadInputException {
    String name = text.trim();
    Matcher latency = LATENCY.matcher(name);
    if (latency.matches()) {
      double percentile = latency.group(4) == null ? Double.parseDouble(latency.group(3)) : 100;
      if (percentile <= 100) {
        return latency(name, latency.group(1), latency.group(2), percentile);
      }
    }
    Matcher ports = PORTS.matcher(name);
    if (ports.matches()) {
      int port = Integer.parseInt(ports.group(3));
      return new Measure(name, "", false, run -> ports(run, ports.group(1), ports.group(2), port));
    }
    Optional<Measure> resource = resource(name, ValueKind.COUNT);
    if (resource.isPresent()) {
      return resource.get();
    }
    Matcher sockets = SOCKETS.matcher(name);
    if (sockets.matches() && gauge(sockets.group(2)).isPresent()) {
      int gauge = gauge(sockets.group(2)).get();
      return new Measure(name, "", false, run -> peak(run, sockets.group(1), gauge));
    }
    Matcher load = LOAD.matcher(name);
    if (load.matches()) {
      Optional<Measure> measure = ofLoad(name, load.group(1), load.group(2));
      if (measure.isPresent()) {
        return measure.get();
      }
    }
    throw new BadInputException(where + ": " + name + " is no quantity; known: " + KNOWN);
  }

  /** A resource of a host as a share of its limit; empty for what has none. */
  static Optional<Measure> share(String text) {
    return resource(text.trim(), ValueKind.SHARE);
  }

  /**
   * Refuses a resource of a host, port or application that is not there.
   *
   * @param where for the error: an option or a place in a file
   */
  public void check(WorldSpec world, String where) throws BadInputException {
    if (resource(name, ValueKind.COUNT).isPresent()) {
      String problem = ResourceNames.problem(MetricSpec.parse(name), world);
      if (!problem.isEmpty()) {
        throw new BadInputException(where + ": " + problem);
      }
    }
  }

  private static Optional<Measure> resource(String name, ValueKind kind) {
    try {
      MetricSpec metric = MetricSpec.parse(name);
      return metric.isResource() && metric.kinds().contains(kind)
          ? Optional.of(
              new Measure(name, "", false, run -> Reading.of(Metrics.value(metric, kind, run))))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Measure> ofLoad(String name, @Nullable String load, String what) {
    return Optional.ofNullable(
        switch (what) {
          case "offered" -> count(name, load, LoadResult::offered);
          case "succeeded" -> count(name, load, LoadResult::succeeded);
          case "failed" -> count(name, load, LoadResult::failed);
          case "unfinished" -> count(name, load, LoadResult::unfinished);
          case "attempts" -> count(name, load, LoadResult::attempts);
          case "failedShare" ->
              new Measure(
                  name, "", false, run -> of(run, load, l -> share(l.failed(), l.offered())));
          case "outage" ->
              new Measure(
                  name,
                  "s",
                  false,
                  run -> of(run, load, l -> Reading.of(l.longestOutageNs() / SECOND_NS)));
          case "oldestUnfinished" ->
              new Measure(
                  name,
                  "s",
                  false,
                  run ->
                      of(
                          run,
                          load,
                          l ->
                              new Reading(l.oldestUnfinishedNs() / SECOND_NS, l.unfinished() > 0)));
          case "hang" -> load == null ? new Measure(name, "s", false, Measure::hang) : null;
          case "firstFailure" ->
              new Measure(
                  name,
                  "s",
                  false,
                  run ->
                      of(
                          run,
                          load,
                          l ->
                              l.firstFailureNs() < 0
                                  ? new Reading(run.endNs() / SECOND_NS, true)
                                  : Reading.of(l.firstFailureNs() / SECOND_NS)));
          default -> null;
        });
  }

  private static Reading hang(RunResult run) {
    return Hangs.areKnown(run)
        ? new Reading(Hangs.longestSeconds(run), Hangs.isCutOff(run))
        : Reading.NONE;
  }

  private static Measure count(
      String name, @Nullable String load, Function<LoadResult, Long> count) {
    return new Measure(name, "", false, run -> of(run, load, l -> Reading.of(count.apply(l))));
  }

  private static Reading share(long part, long whole) {
    return Reading.of(whole == 0 ? 0 : (double) part / whole);
  }

  private static Reading of(
      RunResult run, @Nullable String load, Function<LoadResult, Reading> reading) {
    if (load == null) {
      return reading.apply(run.total());
    }
    return run.loads().stream()
        .filter(l -> l.name().equals(load))
        .findFirst()
        .map(reading)
        .orElse(Reading.NONE);
  }

  /** Times are recorded over all loads: a load's name is allowed where it is the only one. */
  private static Measure latency(
      String name, @Nullable String load, String metric, double percentile) {
    String wanted = metric.equals("latency") ? "request" : metric;
    return new Measure(
        name,
        "ms",
        true,
        run -> {
          boolean whole = load == null || (run.loads().size() == 1 && isNamed(run, load));
          if (!whole) {
            return Reading.NONE;
          }
          for (LatencyResult latency : run.latencies()) {
            Histogram h = latency.total();
            if (latency.name().equals(wanted) && h.getTotalCount() > 0) {
              return Reading.of(h.getValueAtPercentile(percentile) / MS_NS);
            }
          }
          return Reading.NONE;
        });
  }

  private static boolean isNamed(RunResult run, String load) {
    return run.loads().get(0).name().equals(load);
  }

  private static Reading ports(RunResult run, String host, String peer, int port) {
    long most = -1;
    for (PortUse use : run.ports()) {
      String group = use.peer().replaceFirst("-[0-9]+$", "");
      if (use.host().equals(host)
          && use.peerPort() == port
          && (use.peer().equals(peer) || group.equals(peer))) {
        most = Math.max(most, use.peak());
      }
    }
    return most < 0 ? Reading.NONE : Reading.of((double) most);
  }

  private static Reading peak(RunResult run, String host, int gauge) {
    return run.hosts().stream()
        .filter(h -> h.name().equals(host))
        .findFirst()
        .map((HostResult h) -> Reading.of((double) h.peak(gauge)))
        .orElse(Reading.NONE);
  }

  private static Optional<Integer> gauge(String name) {
    for (int i = 0; i < SocketGauges.COUNT; i++) {
      if (SocketGauges.name(i).equals(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
