package dev.halfopen.metrics;

import java.util.Arrays;

/** A fixed set of counts that only grow. */
public final class Counters {
  private final String[] names;
  private final long[] values;

  public Counters(String... names) {
    this.names = names.clone();
    this.values = new long[names.length];
  }

  public void inc(int counter) {
    values[counter]++;
  }

  public void add(int counter, long more) {
    values[counter] += more;
  }

  /** Adds those of another shard, which counts the same. */
  public void addAll(Counters other) {
    for (int i = 0; i < values.length; i++) {
      values[i] += other.values[i];
    }
  }

  public long value(int counter) {
    return values[counter];
  }

  public String name(int counter) {
    return names[counter];
  }

  public int size() {
    return values.length;
  }

  /** All are 0 again. */
  public void clear() {
    Arrays.fill(values, 0);
  }
}
