package dev.halfopen.scenario;

import dev.halfopen.app.Distribution;

/**
 * A size that may be random.
 *
 * @param bytes the constant, or the median of the log-normal
 * @param p99 of the log-normal; 0: constant
 */
public record SizeSpec(long bytes, long p99) {
  private static final String RANGE = "1B..1073741824B";

  /** As the core takes it. */
  public Distribution distribution() {
    return p99 == 0
        ? Distribution.constant(bytes)
        : Distribution.logNormal((double) bytes, (double) p99);
  }

  /** Reads one size, or {@code {median, p99}}. */
  static SizeSpec read(MapReader load, String key, String defaultText) {
    boolean spread = load.node().get(key).filter(YamlNode.Mapping.class::isInstance).isPresent();
    if (!spread) {
      return new SizeSpec(load.quantity(key, ValueKind.SIZE, defaultText, RANGE).asLong(), 0);
    }
    MapReader size = load.mapOrEmpty(key);
    size.require("median");
    size.require("p99");
    long median = size.quantity("median", ValueKind.SIZE, defaultText, RANGE).asLong();
    long p99 = size.quantity("p99", ValueKind.SIZE, defaultText, RANGE).asLong();
    if (p99 < median) {
      size.problem("p99", "is less than the median");
    }
    size.finish();
    return new SizeSpec(median, Math.max(median, p99));
  }
}
