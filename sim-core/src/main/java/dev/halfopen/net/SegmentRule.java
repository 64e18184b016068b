package dev.halfopen.net;

/**
 * A rule by the fields of segments, as a test says it: {@code
 * SegmentRule.drop().withData().nth(3)}, {@code SegmentRule.drop().flags(FIN,
 * FIN).from(t).until(u)}, {@code SegmentRule.drop().from(t)} for a partition. Conditions are joined
 * by and.
 */
public final class SegmentRule implements LinkRule {
  private final long verdict;
  private long fromNs;
  private long untilNs = Long.MAX_VALUE;
  private int flagMask;
  private int flagValue;
  private int leastLength;
  private int mostLength = Integer.MAX_VALUE;
  private int sourcePort;
  private int destinationPort;
  private int source;
  private int destination;
  private long first = 1;
  private long last = Long.MAX_VALUE;
  private long matches;

  private SegmentRule(long verdict) {
    this.verdict = verdict;
  }

  public static SegmentRule drop() {
    return new SegmentRule(DROP);
  }

  public static SegmentRule duplicate() {
    return new SegmentRule(DUPLICATE);
  }

  /** Delivers later, without holding up what follows. */
  public static SegmentRule delay(long ns) {
    return new SegmentRule(ns);
  }

  /** Answers with ICMP destination unreachable of that code, {@code afterNs} after a round trip. */
  public static SegmentRule unreachable(int code, long afterNs) {
    return new SegmentRule(LinkRule.reject(code, afterNs));
  }

  /** Holds from this instant on. */
  public SegmentRule from(long ns) {
    fromNs = ns;
    return this;
  }

  /** Holds before this instant only. */
  public SegmentRule until(long ns) {
    untilNs = ns;
    return this;
  }

  /** Only segments whose flags under {@code mask} are {@code value}. */
  public SegmentRule flags(int mask, int value) {
    flagMask = mask;
    flagValue = value;
    return this;
  }

  /** Only segments with payload. */
  public SegmentRule withData() {
    leastLength = 1;
    return this;
  }

  /** Only segments without payload. */
  public SegmentRule withoutData() {
    mostLength = 0;
    return this;
  }

  /** Only one connection; a port of 0 is any. */
  public SegmentRule ports(int fromPort, int toPort) {
    sourcePort = fromPort;
    destinationPort = toPort;
    return this;
  }

  /** Only between these addresses; an address of 0 is any. */
  public SegmentRule addresses(int fromAddress, int toAddress) {
    source = fromAddress;
    destination = toAddress;
    return this;
  }

  /** Only the nth segment, from 1, that fulfils all other conditions. */
  public SegmentRule nth(long n) {
    return nth(n, n);
  }

  public SegmentRule nth(long firstMatch, long lastMatch) {
    first = firstMatch;
    last = lastMatch;
    return this;
  }

  /** Segments that fulfilled the conditions so far, whatever their number. */
  public long matches() {
    return matches;
  }

  @Override
  public long judge(long nowNs, Segment s) {
    if (nowNs < fromNs
        || nowNs >= untilNs
        || (s.flags & flagMask) != flagValue
        || s.length < leastLength
        || s.length > mostLength
        || !isBetween(s)) {
      return PASS;
    }
    matches++;
    return matches >= first && matches <= last ? verdict : PASS;
  }

  private boolean isBetween(Segment s) {
    return (sourcePort == 0 || s.sourcePort() == sourcePort)
        && (destinationPort == 0 || s.destinationPort() == destinationPort)
        && (source == 0 || s.source == source)
        && (destination == 0 || s.destination == destination);
  }
}
