package dev.halfopen.report;

import dev.halfopen.tcp.SocketGauges;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a remedy came to in a run of the changed scenario with the same seed.
 *
 * @param change keys and values as they would be given to --set: "idlePool=32"
 * @param effect empty where the scenario has no place for it
 * @param notApplicable why not; "" otherwise
 */
public record RemedyOutcome(
    Remedy remedy, String change, Optional<Effect> effect, String notApplicable) {
  /** Fewest failures first, then fewest that wait; what cannot be tried comes last. */
  public static final Comparator<RemedyOutcome> BEST_FIRST =
      Comparator.comparing((RemedyOutcome o) -> o.effect().isEmpty())
          .thenComparingLong(o -> o.effect().map(Effect::failed).orElse(0L))
          .thenComparingLong(o -> o.effect().map(Effect::unfinished).orElse(0L))
          .thenComparingLong(o -> o.effect().map(Effect::hanging).orElse(0L));

  /** What a socket takes in a 6.18 kernel, from its slab caches: half-open, TIME_WAIT, others. */
  private static final int REQUEST_BYTES = 320;

  private static final int TIME_WAIT_BYTES = 256;
  private static final int SOCKET_BYTES = 3640;

  /**
   * The changed run in numbers.
   *
   * @param hanging requests that a database forsook and that still wait in the application, whether
   *     or not their clients have given up
   * @param longestHangS of such a request, until the end for one that still waits; 0 without one
   * @param firstFailureNs -1 without one
   * @param p99Ms of the requests that succeeded
   * @param socketBytes of the kernel of the host that had run short, for the most sockets of each
   *     kind that it had
   * @param tableBytes the simulator's own tables
   */
  public record Effect(
      String verdict,
      long offered,
      long failed,
      long unfinished,
      long hanging,
      double longestHangS,
      long firstFailureNs,
      double p99Ms,
      long socketBytes,
      long tableBytes) {
    /** Of a run. */
    public static Effect of(Report report, String group) {
      RunResult result = report.result();
      LoadResult load = result.total();
      double p99 =
          result.latencies().stream()
              .filter(l -> l.name().equals("request") && l.total().getTotalCount() > 0)
              .mapToDouble(l -> l.total().getValueAtPercentile(99) / 1e6)
              .findFirst()
              .orElse(0);
      return new Effect(
          report.verdict(),
          load.offered(),
          load.failed(),
          load.unfinished(),
          BreakdownTable.of(result).hanging(),
          Hangs.longestSeconds(result),
          load.firstFailureNs(),
          p99,
          socketBytes(result, group),
          result.machine().memory().bytes());
    }

    private static long socketBytes(RunResult result, String group) {
      long bytes = 0;
      for (HostResult host : result.hosts()) {
        if (host.spec().group().equals(group)) {
          for (int gauge = 0; gauge < SocketGauges.ORPHANED; gauge++) {
            bytes += host.peak(gauge) * each(gauge);
          }
        }
      }
      return bytes;
    }

    private static int each(int gauge) {
      return switch (gauge) {
        case SocketGauges.SYN_RECV -> REQUEST_BYTES;
        case SocketGauges.TIME_WAIT -> TIME_WAIT_BYTES;
        default -> SOCKET_BYTES;
      };
    }

    /** "none fails", "9,011 of 18,000 fail, from 10.0 s on". */
    String text() {
      String waiting =
          (unfinished == 0 ? "" : ", " + Figures.grouped(unfinished) + " unfinished at the end")
              + (hanging == 0 ? "" : ", " + Figures.grouped(hanging) + " still hang in the server")
              + (longestHangS == 0 ? "" : ", longest hang " + Figures.span(longestHangS));
      if (failed == 0) {
        return "none fails" + waiting;
      }
      return Figures.grouped(failed)
          + " of "
          + Figures.grouped(offered)
          + " fail, from "
          + Figures.secondsText(firstFailureNs)
          + " on"
          + waiting;
    }
  }

  /** The effect and what it costs, beside the run without it. */
  String text(Effect before) {
    if (effect.isEmpty()) {
      return "not applicable: " + notApplicable;
    }
    Effect e = effect.get();
    boolean same =
        e.failed == before.failed
            && e.unfinished == before.unfinished
            && e.hanging == before.hanging
            && e.verdict.equals(before.verdict);
    boolean worse =
        e.failed > before.failed && e.failed + e.unfinished > before.failed + before.unfinished;
    String result = (same ? "changes nothing: " : worse ? "makes it worse: " : "") + e.text();
    return result
        + "; p99 "
        + Figures.number(e.p99Ms, 1)
        + " ms (was "
        + Figures.number(before.p99Ms, 1)
        + "); sockets at most "
        + Figures.bytes(e.socketBytes)
        + " (was "
        + Figures.bytes(before.socketBytes)
        + "); note: "
        + remedy.risk();
  }
}
