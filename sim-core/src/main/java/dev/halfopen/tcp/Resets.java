package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** RST and challenge ACKs: {@code tcp_v4_send_reset}, {@code tcp_send_challenge_ack} (RFC 5961). */
final class Resets {
  private final Stack s;
  private long challengePeriod = -1;
  private int challengesLeft;

  Resets(Stack s) {
    this.s = s;
  }

  /** Answers the current segment with RST, as no socket wants it. */
  void toSegment() {
    Segment in = s.in;
    if (in.has(Segment.RST)) {
      return;
    }
    Segment out = s.out;
    out.fromSocket = 0;
    out.toSocket = in.fromSocket;
    out.source = in.destination;
    out.destination = in.source;
    out.ports = in.ports << 16 | in.ports >>> 16;
    out.length = 0;
    out.mark = 0;
    out.window = 0;
    out.options = 0;
    if (in.has(Segment.ACK)) {
      out.seq = in.ack;
      out.ack = 0;
      out.flags = Segment.RST;
    } else {
      out.seq = 0;
      out.ack = in.endSeq();
      out.flags = Segment.RST | Segment.ACK;
    }
    s.host.mib[Mib.OUT_RSTS]++;
    s.host.mib[Mib.OUT_SEGS]++;
    s.egress.emit(s.nowNs, s.host.host(), out);
  }

  /** {@code tcp_send_active_reset} of the connection under the cursor. */
  void active() {
    s.host.mib[Mib.OUT_RSTS]++;
    s.output.sendEmpty(Segment.RST | Segment.ACK, s.output.acceptableSeq());
  }

  /** An ACK that makes the peer prove itself, at most one per 500 ms and connection. */
  void challenge() {
    if (limitedPerSocket(s.fl.lastChallenge())) {
      return;
    }
    long limit = s.host.sysctl().get(Sysctl.TCP_CHALLENGE_ACK_LIMIT);
    if (limit != Integer.MAX_VALUE && limitedPerHost((int) limit)) {
      return;
    }
    s.fl.lastChallenge(s.jiffies == 0 ? 1 : s.jiffies);
    s.host.count(Mib.CHALLENGE_ACK);
    s.output.sendAck();
  }

  /** {@code __tcp_oow_rate_limited}. */
  boolean limitedPerSocket(int lastJiffies) {
    int limit = s.host.jiffiesOfMs(s.host.sysctl().get(Sysctl.TCP_INVALID_RATELIMIT));
    int elapsed = s.jiffies - lastJiffies;
    return lastJiffies != 0 && elapsed >= 0 && elapsed < limit;
  }

  private boolean limitedPerHost(int limit) {
    long period = s.nowNs / 1_000_000_000L;
    if (period != challengePeriod) {
      challengePeriod = period;
      challengesLeft = limit;
    }
    return challengesLeft-- <= 0;
  }
}
