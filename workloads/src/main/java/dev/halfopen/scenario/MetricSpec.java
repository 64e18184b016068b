package dev.halfopen.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of a run's result, as thresholds and sweeps name it: {@code shoppers.failed}, {@code
 * shoppers.latency.p(99)}, {@code orders.recovery(4min)}, {@code nginx.ports(app:8080).peak}.
 *
 * @param text as it was written
 * @param subject a load's name, or a host's where the name is ports
 * @param name "failed", "latency", "ports"
 * @param argument what stood in brackets behind the name, "" without
 * @param statistic "p", "max", "peak"; "" without
 * @param percentile of p(...), 0..100
 */
public record MetricSpec(
    String text,
    String subject,
    String name,
    String argument,
    String statistic,
    double percentile) {
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z0-9_-]+)\\.([A-Za-z]+)(?:\\(([^()]*)\\))?(?:\\.([A-Za-z]+)(?:\\(([0-9.]+)\\))?)?");
  private static final String TIMES = "latency, connect, timeToFailure";

  /** What each metric may be compared with. */
  private static final Map<String, List<ValueKind>> KINDS =
      Map.of(
          "offered", List.of(ValueKind.COUNT),
          "succeeded", List.of(ValueKind.COUNT, ValueKind.SHARE),
          "failed", List.of(ValueKind.COUNT, ValueKind.SHARE),
          "unfinished", List.of(ValueKind.COUNT, ValueKind.SHARE),
          "outage", List.of(ValueKind.DURATION),
          "recovery", List.of(ValueKind.DURATION),
          "latency", List.of(ValueKind.DURATION),
          "connect", List.of(ValueKind.DURATION),
          "timeToFailure", List.of(ValueKind.DURATION),
          "ports", List.of(ValueKind.COUNT, ValueKind.SHARE));

  private static final List<String> NAMES =
      List.of(
          "failed",
          "succeeded",
          "unfinished",
          "offered",
          "latency",
          "connect",
          "timeToFailure",
          "outage",
          "recovery",
          "ports");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static MetricSpec parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not LOAD.METRIC, for example shoppers.failed, shoppers.latency.p(99)");
    }
    String name = m.group(2);
    if (!KINDS.containsKey(name)) {
      throw new IllegalArgumentException(
          "unknown metric "
              + name
              + Suggest.hint(name, NAMES)
              + "; known: "
              + String.join(", ", NAMES));
    }
    MetricSpec metric =
        new MetricSpec(
            text,
            m.group(1),
            name,
            Optional.ofNullable(m.group(3)).orElse(""),
            Optional.ofNullable(m.group(4)).orElse(""),
            m.group(5) == null ? 0 : Double.parseDouble(m.group(5)));
    metric.check();
    return metric;
  }

  private void check() {
    boolean time = isTime();
    boolean fine =
        switch (name) {
          case "ports" -> statistic.equals("peak") && !argument.isEmpty();
          case "recovery" -> statistic.isEmpty() && isDuration(argument);
          default ->
              time
                  ? argument.isEmpty() && (statistic.equals("p") || statistic.equals("max"))
                  : argument.isEmpty() && statistic.isEmpty();
        };
    if (!fine || (statistic.equals("p") && !(percentile > 0 && percentile <= 100))) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\": write LOAD."
              + name
              + ", for "
              + TIMES
              + " with .p(99) or .max, LOAD.recovery(4min), HOST.ports(GROUP:PORT).peak");
    }
  }

  private static boolean isDuration(String text) {
    return Quantity.isOf(ValueKind.DURATION, text);
  }

  /** Whether it is a distribution of times. */
  public boolean isTime() {
    return TIMES.contains(name);
  }

  /** Of recovery: the instant from which failures count, ns. */
  public long instantNs() {
    return Quantity.parse(ValueKind.DURATION, argument).asLong();
  }

  /** The kinds of quantity that it may be compared with, the first where it is only shown. */
  public List<ValueKind> kinds() {
    return KINDS.getOrDefault(name, List.of());
  }
}
