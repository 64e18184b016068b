package dev.halfopen.net;

/**
 * Decides about each segment that a host puts on a link, before the link's queue. Rules may keep
 * counts: each is used on one link. A rule that lets everything pass is a tap.
 */
@FunctionalInterface
public interface LinkRule {
  /** The segment goes its way. */
  long PASS = 0;

  /** The segment is lost. */
  long DROP = -1;

  /** The segment arrives twice. */
  long DUPLICATE = -2;

  /** The sender hears ICMP destination unreachable instead; see {@link #reject}. */
  long REJECT = Long.MIN_VALUE;

  /** Network unreachable, ICMP_NET_UNREACH. */
  int NET_UNREACHABLE = 0;

  /** Host unreachable, ICMP_HOST_UNREACH. */
  int HOST_UNREACHABLE = 1;

  /** Port unreachable, ICMP_PORT_UNREACH. */
  int PORT_UNREACHABLE = 3;

  /** Administratively prohibited, ICMP_PKT_FILTERED. */
  int PROHIBITED = 13;

  /** {@link #PASS}, {@link #DROP}, {@link #DUPLICATE}, {@link #reject}, or ns of extra delay. */
  long judge(long nowNs, Segment segment);

  /** The verdict that drops a segment and answers with ICMP of {@code code} after that time. */
  static long reject(int code, long afterNs) {
    return REJECT | (long) code << 48 | afterNs;
  }

  static boolean isReject(long verdict) {
    return verdict < DUPLICATE;
  }

  static int rejectCode(long verdict) {
    return (int) (verdict >>> 48) & 0xFF;
  }

  static long rejectAfterNs(long verdict) {
    return verdict & (1L << 48) - 1;
  }
}
