package dev.halfopen.scenario;

/**
 * Wires between every host of one group and every host of another, half of the round trip each way.
 *
 * @param bitsPerSecond 0: infinitely fast
 * @param queueBytes what may wait; 0: no limit
 * @param forth what goes wrong from a to b
 * @param back what goes wrong from b to a
 */
public record LinkSpec(
    String a,
    String b,
    long rttNs,
    long bitsPerSecond,
    long queueBytes,
    Troubles forth,
    Troubles back) {
  /**
   * What goes wrong on the way, at random.
   *
   * @param loss share of packets, 0..1
   * @param jitterNs up to this much later, evenly spread; order is kept
   * @param duplicate share of packets that arrive twice
   * @param reorder share of packets that arrive {@code reorderNs} later than those behind them
   */
  public record Troubles(
      double loss, long jitterNs, double duplicate, double reorder, long reorderNs) {
    /** Nothing goes wrong. */
    public boolean areNone() {
      return loss == 0 && jitterNs == 0 && duplicate == 0 && reorder == 0;
    }
  }

  /** Whether chance decides about packets. */
  public boolean isRandom() {
    return !forth.areNone() || !back.areNone();
  }

  /** Whether it is the link between these groups, in either order. */
  public boolean joins(String groupA, String groupB) {
    return (a.equals(groupA) && b.equals(groupB)) || (a.equals(groupB) && b.equals(groupA));
  }
}
