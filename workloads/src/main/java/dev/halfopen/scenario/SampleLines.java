package dev.halfopen.scenario;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the lines of a {@link SampleFile}. */
final class SampleLines {
  private static final Pattern NUMBER =
      Pattern.compile("(-?\\d{1,18}(?:\\.\\d{1,18})?) ?([A-Za-z]*)");
  private static final Pattern COUNT = Pattern.compile("\\d{1,12}");

  /** The last word of a header: "ms", "request_time_s", "size [KiB]". */
  private static final Pattern UNIT = Pattern.compile("(?:.*[^A-Za-z])?([A-Za-z]+)[^A-Za-z0-9]*");

  /** What a double counts exactly. */
  private static final long VALUES_MOST = (1L << 53) - 1;

  private final ValueKind kind;
  private final Range range;
  private final Map<Long, Long> occurring = new TreeMap<>();
  private String unit = "";
  private int number;
  private long all;

  SampleLines(ValueKind kind, Range range) {
    this.kind = kind;
    this.range = range;
  }

  /** How often each value occurred. */
  Map<Long, Long> occurring() {
    return occurring;
  }

  /** The line that was read last, from 1. */
  int number() {
    return Math.max(1, number);
  }

  /** Says what is wrong with line {@link #number}. */
  Optional<String> readAll(String text) {
    boolean first = true;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      String trimmed = line.trim();
      if (trimmed.isEmpty() || trimmed.startsWith("#")) {
        continue;
      }
      String[] fields = trimmed.split("[,;\t]", -1);
      boolean isHeader = first && Character.isLetter(fields[0].concat(" ").charAt(0));
      first = false;
      Optional<String> problem = isHeader ? header(fields[0]) : values(fields);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return all == 0 ? Optional.of("holds no value") : Optional.empty();
  }

  private Optional<String> header(String column) {
    Matcher m = UNIT.matcher(column.trim());
    if (m.matches() && kind.units().containsKey(m.group(1))) {
      unit = m.group(1);
    }
    return Optional.empty();
  }

  private Optional<String> values(String[] fields) {
    if (fields.length > 2) {
      return Optional.of(fields.length + " columns; a value and how often it occurred are two");
    }
    String times = fields.length == 2 ? fields[1].trim() : "1";
    try {
      Quantity value = quantity(fields[0].trim());
      Optional<String> complaint = range.complaint(value);
      if (complaint.isPresent()) {
        return complaint;
      }
      if (!COUNT.matcher(times).matches()) {
        return Optional.of("\"" + times + "\" is not how often a value occurred; 0..999999999999");
      }
      add(value.asLong(), Long.parseLong(times));
      return all > VALUES_MOST ? Optional.of("more than 2^53 values in all") : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(Problems.text(e));
    }
  }

  private void add(long value, long times) {
    all += times;
    if (times > 0) {
      occurring.merge(value, times, Long::sum);
    }
  }

  /** Unlike a value of the scenario it is rounded: nobody chose its digits. */
  private Quantity quantity(String text) {
    Matcher m = NUMBER.matcher(text);
    String given = m.matches() && m.group(2).isEmpty() ? unit : m.matches() ? m.group(2) : "";
    BigDecimal factor = kind.units().get(given);
    if (factor == null) {
      Quantity.parse(kind, text);
      throw new IllegalArgumentException("\"" + text + "\" is not " + kind.words());
    }
    BigDecimal base = new BigDecimal(m.group(1)).multiply(factor);
    return new Quantity(kind, base.setScale(0, RoundingMode.HALF_EVEN), text);
  }
}
