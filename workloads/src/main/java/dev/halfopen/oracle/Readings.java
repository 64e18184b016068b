package dev.halfopen.oracle;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one simulated case gave: a reading per quantity, named as in summary.csv. */
final class Readings {
  private final Map<String, Reading> byQuantity = new LinkedHashMap<>();

  /** A number that must be met exactly. */
  Readings count(String quantity, long value) {
    byQuantity.computeIfAbsent(quantity, q -> Reading.count()).add((double) value);
    return this;
  }

  /** A time in seconds; {@code longestTimerS} is the nominal length of the coarsest timer in it. */
  Readings time(String quantity, double seconds, double longestTimerS) {
    byQuantity.computeIfAbsent(quantity, q -> Reading.time(longestTimerS, false)).add(seconds);
    return this;
  }

  /** A time that the measurement saw by polling. */
  Readings polled(String quantity, double seconds, double longestTimerS) {
    byQuantity.computeIfAbsent(quantity, q -> Reading.time(longestTimerS, true)).add(seconds);
    return this;
  }

  /** A number that depends a little on the pace of the measuring machine. */
  Readings rate(String quantity, double value) {
    byQuantity.computeIfAbsent(quantity, q -> Reading.rate()).add(value);
    return this;
  }

  Readings notExpressed(String quantity, String reason) {
    byQuantity.put(quantity, Reading.notExpressed(reason));
    return this;
  }

  /** The same for a value that is worth showing. */
  Readings notExpressed(String quantity, String reason, double value) {
    byQuantity.put(quantity, Reading.notExpressed(reason).add(value));
    return this;
  }

  Map<String, Reading> byQuantity() {
    return byQuantity;
  }

  /** Takes in what the same case gave at another phase. */
  void include(Readings other) {
    other.byQuantity.forEach(
        (quantity, reading) -> {
          Reading mine = byQuantity.get(quantity);
          if (mine == null) {
            byQuantity.put(quantity, reading);
          } else if (mine.isExpressed() && !reading.isExpressed()) {
            reading.include(mine);
            byQuantity.put(quantity, reading);
          } else {
            mine.include(reading);
          }
        });
  }
}
