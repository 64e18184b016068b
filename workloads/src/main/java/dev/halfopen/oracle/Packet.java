package dev.halfopen.oracle;

import dev.halfopen.net.Segment;

/** A segment as a capture at its sender shows it. */
public record Packet(
    long atNs,
    boolean fromClient,
    int ports,
    int flags,
    int seq,
    int ack,
    int length,
    int window,
    int options,
    int mss,
    int windowScale,
    int headerBytes) {
  public static Packet of(long nowNs, boolean fromClient, Segment s) {
    return new Packet(
        nowNs,
        fromClient,
        s.ports,
        s.flags,
        s.seq,
        s.ack,
        s.length,
        s.window,
        s.options,
        s.has(Segment.SYN) ? s.mss : 0,
        s.has(Segment.SYN) ? s.windowScale : 0,
        s.ipBytes() - s.length - 20);
  }

  public boolean is(int flag) {
    return (flags & flag) != 0;
  }

  public boolean isBareAck() {
    return flags == Segment.ACK && length == 0;
  }
}
