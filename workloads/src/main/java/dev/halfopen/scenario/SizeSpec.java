package dev.halfopen.scenario;

import dev.halfopen.app.Distribution;
import java.util.Optional;

/**
 * A size that may be random.
 *
 * @param bytes the constant, or the median
 * @param p99 of the log-normal; 0: constant, or from a file
 * @param samples what {@code file} named
 */
public record SizeSpec(long bytes, long p99, Optional<SampleFile> samples) {
  private static final String RANGE = "1B..1073741824B";

  boolean isRandom() {
    return !distribution().isConstant();
  }

  /** As the core takes it. */
  public Distribution distribution() {
    if (samples.isPresent()) {
      return samples.get().distribution();
    }
    return p99 == 0
        ? Distribution.constant(bytes)
        : Distribution.logNormal((double) bytes, (double) p99);
  }

  /** Reads one size, {@code {median, p99}} or {@code {file}}. */
  static SizeSpec read(MapReader load, String key, String defaultText) {
    boolean spread = load.node().get(key).filter(YamlNode.Mapping.class::isInstance).isPresent();
    if (!spread) {
      return constant(load.quantity(key, ValueKind.SIZE, defaultText, RANGE).asLong());
    }
    MapReader size = load.mapOrEmpty(key);
    if (size.has(SampleFile.KEY)) {
      Optional<SampleFile> samples = SampleFile.read(size, ValueKind.SIZE, RANGE);
      size.finish();
      return new SizeSpec(samples.map(s -> s.quantile(500)).orElse(1L), 0, samples);
    }
    size.require("median");
    size.require("p99");
    long median = size.quantity("median", ValueKind.SIZE, defaultText, RANGE).asLong();
    long p99 = size.quantity("p99", ValueKind.SIZE, defaultText, RANGE).asLong();
    if (p99 < median) {
      size.problem("p99", "is less than the median");
    }
    size.finish();
    return new SizeSpec(median, Math.max(median, p99), Optional.empty());
  }

  private static SizeSpec constant(long bytes) {
    return new SizeSpec(bytes, 0, Optional.empty());
  }
}
