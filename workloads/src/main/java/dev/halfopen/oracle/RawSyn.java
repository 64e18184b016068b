package dev.halfopen.oracle;

import dev.halfopen.net.Segment;

/** SYNs of a raw socket. */
public final class RawSyn {
  /** 198.18.0.0/15, for benchmarks: nobody's. */
  private static final int SPOOFED = 198 << 24 | 18 << 16;

  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 60_000;

  private RawSyn() {}

  /** The nth SYN of a flood from many addresses. */
  public static Segment spoofed(int n, int destination) {
    return syn(SPOOFED + n, FIRST_PORT + n % PORTS, destination);
  }

  public static Segment syn(int source, int sourcePort, int destination) {
    Segment s = new Segment();
    s.source = source;
    s.destination = destination;
    s.ports = sourcePort << 16 | Scene.PORT;
    s.seq = 1000;
    s.flags = Segment.SYN;
    s.window = 64_240;
    s.options = Segment.OPT_MSS;
    s.mss = 1460;
    return s;
  }
}
