package dev.halfopen.claims;

import dev.halfopen.net.Segment;
import dev.halfopen.oracle.Connection;
import dev.halfopen.oracle.Packet;
import dev.halfopen.tcp.SocketOptions;

/**
 * How a connection ends whose peer falls silent at the moment of a write.
 *
 * @param afterS seconds from the write to the error
 * @param longestGapS the longest wait between two copies of the data
 */
record Death(int errno, double afterS, long retransmissions, double longestGapS) {
  private static final double LIMIT_S = 2000;
  private static final int BYTES = 100;

  static Death of(Lab lab, SocketOptions options) {
    Connection c = lab.connected(options);
    lab.client.does(() -> c.send(BYTES));
    lab.run(1);
    lab.cut();
    lab.captureAnew();
    long startNs = lab.nowNs();
    lab.client.does(() -> c.send(BYTES));
    lab.run(LIMIT_S);
    return new Death(
        c.errno,
        Say.seconds(c.failedNs - startNs),
        ConnectTimerClaims.retransmissions(lab.client),
        longestGapS(lab));
  }

  private static double longestGapS(Lab lab) {
    long longest = 0;
    long last = -1;
    for (Packet p : lab.packets) {
      if (p.fromClient() && p.length() > 0 && !p.is(Segment.RST)) {
        longest = last < 0 ? 0 : Math.max(longest, p.atNs() - last);
        last = p.atNs();
      }
    }
    return Say.seconds(longest);
  }
}
