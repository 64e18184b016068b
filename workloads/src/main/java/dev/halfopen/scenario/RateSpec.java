package dev.halfopen.scenario;

import java.util.List;

/**
 * A rate that changes with time: straight lines between points, two at one instant are a step.
 *
 * @param points in the order of time, at least one
 */
public record RateSpec(List<Point> points) {
  public RateSpec {
    points = List.copyOf(points);
  }

  /** A rate at an instant. */
  public record Point(long atNs, Quantity rate) {}

  /** Whether it never changes. */
  public boolean isConstant() {
    return points.size() == 1;
  }

  /** The highest rate of all points. */
  public Quantity most() {
    Quantity most = points.get(0).rate();
    for (Point p : points) {
      if (p.rate().base().compareTo(most.base()) > 0) {
        most = p.rate();
      }
    }
    return most;
  }

  /** Arrivals in the mean before {@code untilNs}. */
  public double expected(long untilNs) {
    return schedule().expected(untilNs);
  }

  /** Arrivals in the mean in a part of the run. */
  public double expected(long fromNs, long untilNs) {
    return expected(untilNs) - expected(fromNs);
  }

  /** When the rate is first above zero; -1: never. */
  public long startsNs() {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).rate().base().signum() > 0) {
        boolean ramp = i > 0 && points.get(i).atNs() > points.get(i - 1).atNs();
        return i == 0 ? 0 : ramp ? points.get(i - 1).atNs() : points.get(i).atNs();
      }
    }
    return -1;
  }

  /** When it falls to zero for good; {@code endNs} if it does not before. */
  public long endsNs(long endNs) {
    int last = points.size() - 1;
    if (points.get(last).rate().base().signum() > 0) {
      return endNs;
    }
    while (last > 0 && points.get(last - 1).rate().base().signum() == 0) {
      last--;
    }
    return Math.min(endNs, points.get(last).atNs());
  }

  /** As the core takes it. */
  public dev.halfopen.app.RateSchedule schedule() {
    long[] atNs = new long[points.size()];
    double[] perSecond = new double[points.size()];
    for (int i = 0; i < atNs.length; i++) {
      atNs[i] = points.get(i).atNs();
      perSecond[i] = points.get(i).rate().perSecond();
    }
    return new dev.halfopen.app.RateSchedule(atNs, perSecond);
  }

  /** "1000/s" or "0/s to 1000/s". */
  public String text() {
    Quantity least = points.get(0).rate();
    for (Point p : points) {
      if (p.rate().base().compareTo(least.base()) < 0) {
        least = p.rate();
      }
    }
    return isConstant() ? least.text() : least.text() + " to " + most().text();
  }
}
