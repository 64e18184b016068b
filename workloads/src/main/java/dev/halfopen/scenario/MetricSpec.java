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
 * @param subject a load's name, or a host's where the name is a resource
 * @param name "failed", "latency", "ports"
 * @param argument what stood in brackets behind the name, "" without
 * @param statistic "p", "max", "peak", "waiting"; "" without
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
  private static final String PORT = "PORT";
  private static final String APP = "APP";
  private static final String TIMES = "latency, connect, timeToFailure";

  private static final List<ValueKind> COUNT = List.of(ValueKind.COUNT);
  private static final List<ValueKind> COUNT_OR_SHARE = List.of(ValueKind.COUNT, ValueKind.SHARE);
  private static final List<ValueKind> DURATION = List.of(ValueKind.DURATION);

  /** What each metric of a load may be compared with. */
  private static final Map<String, List<ValueKind>> OF_LOADS =
      Map.of(
          "offered", COUNT,
          "succeeded", COUNT_OR_SHARE,
          "failed", COUNT_OR_SHARE,
          "unfinished", COUNT_OR_SHARE,
          "outage", DURATION,
          "recovery", DURATION,
          "latency", DURATION,
          "connect", DURATION,
          "timeToFailure", DURATION);

  /** Resources of hosts and what names one of several: nothing, PORT, APP or GROUP:PORT. */
  private static final Map<String, String> RESOURCES =
      Map.of(
          "ports",
          "GROUP:PORT",
          "timewait",
          "",
          "synQueue",
          PORT,
          "acceptQueue",
          PORT,
          "conntrack",
          "",
          "cpu",
          "",
          "pool",
          APP,
          "workers",
          APP,
          "files",
          "",
          "connections",
          PORT);

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
          "ports",
          "timewait",
          "synQueue",
          "acceptQueue",
          "conntrack",
          "cpu",
          "pool",
          "workers",
          "files",
          "connections");

  /** How the metrics of resources are written. */
  public static final String RESOURCE_FORMS =
      "HOST.ports(GROUP:PORT).peak, HOST.timewait.peak, HOST.synQueue(PORT).peak,"
          + " HOST.acceptQueue(PORT).peak, HOST.conntrack.peak, HOST.cpu.peak, HOST.pool(APP).peak,"
          + " HOST.pool(APP).waiting, HOST.workers(APP).peak, HOST.files.peak,"
          + " HOST.connections(PORT).peak";

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
    if (!NAMES.contains(name)) {
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
          case "recovery" -> statistic.isEmpty() && isDuration(argument);
          default ->
              isResource()
                  ? isFormOfResource()
                  : time
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
              + " with .p(99) or .max, LOAD.recovery(4min); "
              + RESOURCE_FORMS);
    }
  }

  private boolean isFormOfResource() {
    boolean isStatistic =
        statistic.equals("peak") || (name.equals("pool") && statistic.equals("waiting"));
    return isStatistic
        && switch (RESOURCES.getOrDefault(name, "")) {
          case "" -> argument.isEmpty();
          case PORT -> argument.matches("[0-9]{1,5}");
          case APP -> !argument.isEmpty();
          default -> argument.matches("[^:]+:[0-9]{1,5}");
        };
  }

  /** Whether it is a resource of a host, and not something of a load. */
  public boolean isResource() {
    return RESOURCES.containsKey(name);
  }

  /** Whether its argument is the port of a listener of the host. */
  boolean isOfPort() {
    return PORT.equals(RESOURCES.get(name));
  }

  /** Whether its argument is an application of the host. */
  boolean isOfApp() {
    return APP.equals(RESOURCES.get(name));
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
    if (isResource()) {
      return statistic.equals("peak") ? COUNT_OR_SHARE : COUNT;
    }
    return OF_LOADS.getOrDefault(name, List.of());
  }
}
