package dev.halfopen.report.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys with the values that each takes. */
public record Grid(Map<String, List<String>> keys) {
  public Grid {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }

  /** Every combination; the last key changes fastest. One point without settings if empty. */
  public List<Point> points() {
    List<Map<String, String>> all = new ArrayList<>(List.of(Map.of()));
    for (Map.Entry<String, List<String>> key : keys.entrySet()) {
      List<Map<String, String>> next = new ArrayList<>();
      for (Map<String, String> before : all) {
        for (String value : key.getValue()) {
          Map<String, String> settings = new LinkedHashMap<>(before);
          settings.put(key.getKey(), value);
          next.add(settings);
        }
      }
      all = next;
    }
    List<Point> points = new ArrayList<>();
    all.forEach(settings -> points.add(new Point(points.size(), settings)));
    return points;
  }
}
