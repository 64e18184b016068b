package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code faults:}, a list. {@code at} is a time, {@code NAME} of an earlier fault, or {@code
 * NAME + TIME}, where TIME may be a parameter.
 */
final class FaultReader {
  private static final Pattern RELATIVE =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9]*)(?: *\\+ *(\\S+))?");
  private static final String RANGE = "0s..720h";
  private static final String EXAMPLE = "5min, or NAME + 2s with the name of a fault above";

  private final ReadContext context;
  private final Map<String, Long> times = new LinkedHashMap<>();

  private FaultReader(ReadContext context) {
    this.context = context;
  }

  /** The faults in the order of the file, and when each named one happens. */
  record Faults(List<FaultSpec> specs, Map<String, Long> times) {}

  static Faults read(MapReader top, ReadContext context) {
    FaultReader reader = new FaultReader(context);
    List<FaultSpec> all = new ArrayList<>();
    top.eachItem("faults", fault -> reader.fault(fault).ifPresent(all::add));
    return new Faults(all, reader.times);
  }

  private Optional<FaultSpec> fault(MapReader fault) {
    String name = fault.text("name");
    long atNs = fault.require("at") ? atNs(fault) : 0;
    if (times.put(name, atNs) != null && !name.isEmpty()) {
      fault.problem("name", "two faults are called " + name);
    }
    String word = fault.requiredText("do");
    Optional<FaultKind<?>> kind = Registry.faultKind(word);
    if (kind.isPresent()) {
      return Optional.of(kind.get().read(fault, name, atNs));
    }
    if (!word.isEmpty()) {
      fault.problem("do", Registry.FAULTS.unknown("fault", word));
    }
    return Optional.empty();
  }

  private long atNs(MapReader fault) {
    YamlNode node = fault.node().get("at").orElseThrow();
    fault.known("at");
    String text = ParameterType.text(node);
    Matcher m = RELATIVE.matcher(text);
    boolean relative = node instanceof YamlNode.Scalar s && s.reference().isEmpty() && m.matches();
    if (!relative || ValueKind.of(text).isPresent()) {
      return fault.durationNs("at", "0s", RANGE);
    }
    Long base = times.get(m.group(1));
    if (base == null) {
      fault.problem(
          "at", "no fault " + m.group(1) + " above" + Suggest.hint(m.group(1), times.keySet()));
      return 0;
    }
    long ns = m.group(2) == null ? base : base + offsetNs(fault, node, m.group(2));
    context.record(fault.path("at"), EffectiveScenario.duration(ns), node.mark().shortForm());
    return ns;
  }

  private long offsetNs(MapReader fault, YamlNode node, String text) {
    YamlNode offset = new YamlNode.Scalar(node.mark(), text, false);
    Optional<ReadContext.Resolved> value = context.resolve(fault.path("at"), offset);
    try {
      return value.isEmpty()
          ? 0
          : Quantity.parse(ValueKind.DURATION, ParameterType.text(value.get().node())).asLong();
    } catch (IllegalArgumentException e) {
      fault.problem("at", Problems.text(e) + "; a fault's time is " + EXAMPLE);
      return 0;
    }
  }
}
