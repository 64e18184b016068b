package dev.halfopen.report.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One combination of the values that a sweep varies.
 *
 * @param index from 0, in the order of the grid
 * @param settings key and value, in the order of the grid
 */
public record Point(int index, Map<String, String> settings) {
  public Point {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** "rate=450/s idlePool=0". */
  public String label() {
    StringBuilder out = new StringBuilder();
    settings.forEach(
        (k, v) -> out.append(out.isEmpty() ? "" : " ").append(k).append('=').append(v));
    return out.toString();
  }
}
