package dev.halfopen.scenario;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a quantity measures: its units, each as a multiple of the base unit. */
public enum ValueKind {
  /** Base unit: nanoseconds. */
  DURATION("a duration", "%1$sms, %1$ss or %1$smin", true, duration()),
  /** Base unit: per hour, so that a rate per minute is exact. */
  RATE("a rate", "%1$s/s, %1$s/min or %1$s/h", true, rate()),
  /** Base unit: bytes. */
  SIZE("a size", "%1$sB, %1$sKiB or %1$sMiB", true, size()),
  /** Base unit: bits per second. */
  BIT_RATE("a bit rate", "%1$sMbit/s or %1$sGbit/s", true, bitRate()),
  /** Base unit: a billionth. */
  SHARE("a share", "%1$s%%", true, Map.of("%", BigDecimal.valueOf(10_000_000))),
  /** Base unit: one. */
  COUNT("a whole number", "%1$s", false, Map.of("", BigDecimal.ONE));

  /** All of it, in the base unit of {@link #SHARE}. */
  static final double SHARE_ONE = 1e9;

  private final String words;
  private final String hint;
  private final boolean needsUnit;

  @SuppressWarnings("ImmutableEnumChecker") // filled once, never handed out to be changed
  private final Map<String, BigDecimal> units;

  ValueKind(String words, String hint, boolean needsUnit, Map<String, BigDecimal> units) {
    this.words = words;
    this.hint = hint;
    this.needsUnit = needsUnit;
    this.units = units;
  }

  /** "a duration". */
  public String words() {
    return words;
  }

  /** Spellings that would be right for this number: "900/s, 900/min or 900/h". */
  String spellings(String number) {
    return hint.replace("%1$s", number).replace("%%", "%");
  }

  boolean needsUnit() {
    return needsUnit;
  }

  Map<String, BigDecimal> units() {
    return units;
  }

  /** The kind that a text with a unit is of; a number without one is a COUNT. */
  static Optional<ValueKind> of(String text) {
    for (ValueKind kind : values()) {
      if (Quantity.isOf(kind, text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static Map<String, BigDecimal> duration() {
    Map<String, BigDecimal> u = new LinkedHashMap<>();
    u.put("ns", BigDecimal.ONE);
    u.put("us", BigDecimal.valueOf(1_000));
    u.put("ms", BigDecimal.valueOf(1_000_000));
    u.put("s", BigDecimal.valueOf(1_000_000_000));
    u.put("min", BigDecimal.valueOf(60_000_000_000L));
    u.put("h", BigDecimal.valueOf(3_600_000_000_000L));
    return u;
  }

  private static Map<String, BigDecimal> rate() {
    Map<String, BigDecimal> u = new LinkedHashMap<>();
    u.put("/s", BigDecimal.valueOf(3600));
    u.put("/min", BigDecimal.valueOf(60));
    u.put("/h", BigDecimal.ONE);
    return u;
  }

  private static Map<String, BigDecimal> size() {
    Map<String, BigDecimal> u = new LinkedHashMap<>();
    u.put("B", BigDecimal.ONE);
    u.put("KiB", BigDecimal.valueOf(1L << 10));
    u.put("MiB", BigDecimal.valueOf(1L << 20));
    u.put("GiB", BigDecimal.valueOf(1L << 30));
    return u;
  }

  private static Map<String, BigDecimal> bitRate() {
    Map<String, BigDecimal> u = new LinkedHashMap<>();
    u.put("bit/s", BigDecimal.ONE);
    u.put("kbit/s", BigDecimal.valueOf(1_000));
    u.put("Mbit/s", BigDecimal.valueOf(1_000_000));
    u.put("Gbit/s", BigDecimal.valueOf(1_000_000_000));
    return u;
  }
}
