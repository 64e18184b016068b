package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.WorldSpec;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** How long writers stall after one partition, by {@link RtoLadder}. */
final class RtoLadderExpectations {
  private static final String SHORTEST = "shortest stall";
  private static final String LONGEST = "longest stall";
  private static final String HANGING = "connections that stalled";

  /** A histogram keeps three digits. */
  private static final double DIGITS = 0.001;

  private static final double RTO_FLOOR_MS = 200;
  private static final double CLOSE_MS = 4;

  /** Transmission makes round trips a little longer than the link's. */
  private static final double RTT_SLACK_MS = 0.1;

  private static final double MS = 1000;

  private RtoLadderExpectations() {}

  /** Empty where the run is no closed loop with one partition. */
  static List<Expectation> of(RunResult result) {
    WorldSpec world = result.scenario().world();
    List<Outages.Partition> partitions = Outages.of(world).partitions();
    List<RequestLoad> loads = world.requestLoads();
    if (partitions.size() != 1
        || world.faults().size() != 1
        || loads.size() != 1
        || loads.get(0).users() == 0) {
      return List.of();
    }
    return of(result, world, loads.get(0), partitions.get(0));
  }

  private static List<Expectation> of(
      RunResult result, WorldSpec world, RequestLoad load, Outages.Partition partition) {
    double seconds = Figures.seconds(partition.durationNs());
    double rttMs = world.rttNs(load.from(), load.to()) / 1e6;
    HostSpec server = world.group(load.to()).get(0);
    int hz = server.sysctls().profile().hz();
    RtoLadder ladder =
        RtoLadder.of(
            server.sysctls().profile().kernel(),
            hz,
            RTO_FLOOR_MS + rttMs,
            RTO_FLOOR_MS + rttMs + RTT_SLACK_MS);
    String reason = reason(result, partition, rttMs, ladder);
    if (!reason.isEmpty()) {
      return List.of(
          Expectation.doesNotApply(SHORTEST, "s", reason),
          Expectation.doesNotApply(LONGEST, "s", reason),
          Expectation.doesNotApply(HANGING, "", reason));
    }
    RtoLadder.Bounds stall = ladder.stall(seconds);
    double slack = 2 * rttMs / MS + Figures.seconds(load.thinkTimeNs()) + 2 * DIGITS * seconds;
    Bounds bounds =
        new Bounds(
            (stall.low() + stall.high()) / 2,
            Math.max(0, stall.low() - slack),
            stall.high() + slack);
    String source =
        "probe, then RTO * 2^k, each rounded by the timer wheel; nominal 0.2 s (2^k - 1) gives "
            + Figures.shortest(RtoLadder.nominalStall(seconds), 1)
            + " s";
    Stalls stalls = Stalls.of(result.latencies().get(0).total(), seconds);
    return List.of(
        Expectation.applies(SHORTEST, bounds, stalls.shortest(), "s", source),
        Expectation.applies(LONGEST, bounds, stalls.longest(), "s", source),
        Expectation.applies(
            HANGING,
            Bounds.exactly(load.users()),
            Optional.of((double) stalls.count()),
            "",
            "every writer writes within a round trip"));
  }

  private static String reason(
      RunResult result, Outages.Partition partition, double rttMs, RtoLadder ladder) {
    double seconds = Figures.seconds(partition.durationNs());
    if (result.isPartial()) {
      return "the run was ended early";
    }
    if (rttMs >= CLOSE_MS) {
      return "with a round trip of 4 ms and more the RTO depends on how it varies";
    }
    if (seconds < 1) {
      return "the partition is shorter than 1 s";
    }
    double ladderEnds = Figures.seconds(partition.atNs()) + seconds + ladder.stall(seconds).high();
    if (partition.durationNs() == 0 || ladderEnds > Figures.seconds(result.endNs()) - 1) {
      return "the run ends before the last retransmission; give a longer --duration";
    }
    return seconds > ladder.death(15).low() ? "the connections give up before" : "";
  }

  /** Requests that took longer than the partition, less its length. */
  private record Stalls(long count, Optional<Double> shortest, Optional<Double> longest) {
    static Stalls of(Histogram latencies, double seconds) {
      long count = 0;
      double shortest = Double.POSITIVE_INFINITY;
      double longest = 0;
      for (HistogramIterationValue v : latencies.recordedValues()) {
        double s = v.getValueIteratedTo() / 1e9;
        if (s >= seconds * (1 - DIGITS)) {
          count += v.getCountAddedInThisIterationStep();
          shortest = Math.min(shortest, s - seconds);
          longest = Math.max(longest, s - seconds);
        }
      }
      return count == 0
          ? new Stalls(0, Optional.empty(), Optional.empty())
          : new Stalls(count, Optional.of(shortest), Optional.of(longest));
    }
  }
}
