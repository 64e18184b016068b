package dev.halfopen.net;

/** What the arrival of packets costs a host, and how many may wait for it. */
public final class CpuConfig {
  /** Cores that work on arriving packets. */
  public int cores = 1;

  /** Receive queues of the network card, each served by one core. */
  public int queues = 1;

  /** Packets that each receive queue holds. */
  public int ring = 1024;

  // A packet costs one of these three, for its whole way through the stack.

  /** Of a SYN that makes a request or is dropped, its SYN-ACK included, ns. */
  public long perSynNs;

  /** Of a SYN that is answered with a cookie, ns. */
  public long perCookieNs;

  /** Of any other packet, with all that the stack does in answer, ns. */
  public long perPacketNs;
}
