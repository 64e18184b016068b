package dev.halfopen.packetdrill;

import dev.halfopen.net.Segment;
import java.util.List;

/** A segment that the stack has sent, with live numbers. */
record Captured(
    long timeNs,
    int localPort,
    int remotePort,
    int flags,
    int seq,
    int ack,
    int length,
    int window,
    List<TcpOption> options) {

  static Captured of(long timeNs, Segment s) {
    return new Captured(
        timeNs,
        s.sourcePort(),
        s.destinationPort(),
        s.flags,
        s.seq,
        s.ack,
        s.length,
        s.window,
        TcpOption.of(s));
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
