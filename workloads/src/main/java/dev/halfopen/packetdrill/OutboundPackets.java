package dev.halfopen.packetdrill;

import dev.halfopen.net.Segment;
import java.util.ArrayDeque;
import java.util.function.LongPredicate;

/** Waits for the packets that the script expects and holds them against what the stack sent. */
final class OutboundPackets {
  /** How long after its time a packet is waited for, as packetdrill does. */
  private static final long PATIENCE_US = 2_000_000;

  /** For a packet at any time. */
  private static final long MOST_US = 3600 * 1_000_000L;

  private static final long NS_PER_US = 1000;

  private final VirtualHost host;
  private final Connection connection;
  private final PacketCheck check;
  private final Tolerance tolerance;

  OutboundPackets(VirtualHost host, Connection connection, PacketCheck check, Tolerance tolerance) {
    this.host = host;
    this.connection = connection;
    this.check = check;
    this.tolerance = tolerance;
  }

  /**
   * @param step runs the next alarm up to a limit in nanoseconds; false if there is none
   */
  void expect(
      Script.Event e,
      Script.Packet wanted,
      long atUs,
      long endUs,
      long lastUs,
      LongPredicate step) {
    boolean any = e.time().kind() == Script.TimeKind.ANY;
    long limitUs = any ? host.nowNs() / NS_PER_US + MOST_US : Math.max(atUs, endUs) + PATIENCE_US;
    Captured first = next(limitUs, step);
    if (first == null) {
      throw new ScriptException.Failed(
          e.line(),
          "expected "
              + PacketCheck.shown(wanted)
              + ", but nothing was sent until "
              + Tolerance.seconds(limitUs));
    }
    Captured last = first;
    learn(wanted, first);
    int length = first.length();
    while (length < wanted.length()) {
      Captured more = next(limitUs, step);
      if (more == null
          || more.seq() != last.seq() + last.length()
          || last.length() != first.length()) {
        break;
      }
      length += more.length();
      last = more;
    }
    long toleranceUs = tolerance.us(lastUs < 0 ? 0 : atUs - lastUs);
    String wrong = check.difference(wanted, last, first, length, timestampTolerance(atUs));
    if (wrong == null && !any) {
      wrong = timing(last, atUs, endUs, toleranceUs);
    }
    if (wrong != null) {
      throw new ScriptException.Failed(
          e.line(),
          wrong
              + ": expected "
              + PacketCheck.shown(wanted)
              + (any ? "" : " at " + Tolerance.seconds(atUs))
              + ", sent "
              + check.shown(last, first, length)
              + " at "
              + Tolerance.seconds(last.timeNs() / NS_PER_US));
    }
  }

  /** TS val may be off by what a clock read since the start may be off. */
  private long timestampTolerance(long atUs) {
    return tolerance.us(atUs);
  }

  private static @org.jspecify.annotations.Nullable String timing(
      Captured c, long atUs, long endUs, long toleranceUs) {
    long us = c.timeNs() / NS_PER_US;
    return us < atUs - toleranceUs || us > endUs + toleranceUs ? "time" : null;
  }

  private void learn(Script.Packet wanted, Captured c) {
    if (c.has(Segment.SYN) && (wanted.flags() & Segment.SYN) != 0) {
      connection.localIsn((int) wanted.seq(), c.seq());
    }
  }

  /** The next packet of the connection; those of earlier ones are passed over. */
  private @org.jspecify.annotations.Nullable Captured next(long limitUs, LongPredicate step) {
    ArrayDeque<Captured> captured = host.captured();
    for (; ; ) {
      for (Captured c = captured.poll(); c != null; c = captured.poll()) {
        if (connection.owns(c)) {
          return c;
        }
      }
      if (!step.test(limitUs * NS_PER_US)) {
        return null;
      }
    }
  }

  /**
   * At the end of the script: nothing may have been sent that the script does not expect, but for
   * the answers to its last events. A script that means them to be silent waits a while.
   */
  void expectNothing(int line) {
    long interestEndsNs = host.nowNs() - tolerance.leastUs() * NS_PER_US;
    for (Captured c : host.captured()) {
      if (connection.owns(c) && c.timeNs() < interestEndsNs) {
        throw new ScriptException.Failed(
            line,
            "the script ends, but "
                + check.shown(c, c, c.length())
                + " was sent at "
                + Tolerance.seconds(c.timeNs() / NS_PER_US));
      }
    }
  }
}
