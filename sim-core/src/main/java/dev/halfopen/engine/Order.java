package dev.halfopen.engine;

/**
 * The total order of a run, stated here only: events go by time, then by this key, which is kind,
 * emitting node, that node's emission number (of a timer a hash of its connection instead). It does
 * not depend on threads, shards, bucket widths or insertion, because (1) whatever is queued lies at
 * least 1 ns ahead, (2) an event touches the state of its own node only, and (3) row numbers and
 * interned ids never enter the key.
 *
 * <p>Kind 3 bits, node 21 bits, emission number 39 bits (a node's 5.5e11 emissions): 63 bits, so
 * that keys are positive and compare as longs.
 */
public final class Order {
  public static final int FAULT = 0;
  public static final int TIMER = 1;
  public static final int PACKET = 2;
  public static final int APP_TIMER = 3;
  public static final int SAMPLE = 4;

  /** An ICMP error on its way back to the host whose packet caused it. */
  public static final int ICMP = 5;

  /** A packet of a flood: the emission number is its number in the flood. */
  public static final int FLOOD = 6;

  /** A core of a host turns to the next packet in its ring. */
  public static final int CPU = 7;

  /** Most nodes of a world. */
  public static final int NODES = 1 << 21;

  /** Most emissions of a node. */
  public static final long EMISSIONS = 1L << 39;

  private static final int EMISSION_BITS = 39;
  private static final int NODE_BITS = 21;

  private Order() {}

  public static long of(int kind, int node, long emission) {
    assert kind >= FAULT && kind <= CPU : kind;
    assert node >= 0 && node < NODES : node;
    assert emission >= 0 && emission < EMISSIONS : emission;
    return (long) kind << NODE_BITS + EMISSION_BITS | (long) node << EMISSION_BITS | emission;
  }

  public static int kind(long order) {
    return (int) (order >>> NODE_BITS + EMISSION_BITS);
  }

  public static int node(long order) {
    return (int) (order >>> EMISSION_BITS) & NODES - 1;
  }

  public static long emission(long order) {
    return order & EMISSIONS - 1;
  }
}
