package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code rate:}, one value or a list of {@code [instant, rate]}. */
final class RateReader {
  private static final String INSTANTS = "0s..720h";
  private static final String EXAMPLE =
      "a rate, or a list of [instant, rate], for example [[0s, 10/s], [1min, 500/s]]";

  private final MapReader load;
  private final Range range;
  private final String rangeOfOne;

  private RateReader(MapReader load, String range) {
    this.load = load;
    this.range = Range.parse(ValueKind.RATE, "0/s.." + range.substring(range.indexOf("..") + 2));
    this.rangeOfOne = range;
  }

  /**
   * Reads the key.
   *
   * @param range of a rate that never changes; points may be 0
   */
  static RateSpec read(MapReader load, String range) {
    return new RateReader(load, range).read();
  }

  private static RateSpec one(Quantity rate) {
    return new RateSpec(List.of(new RateSpec.Point(0, rate)));
  }

  private RateSpec read() {
    boolean isList =
        load.node().get("rate").filter(YamlNode.Sequence.class::isInstance).isPresent();
    if (!isList) {
      return one(load.quantity("rate", ValueKind.RATE, "1/s", rangeOfOne));
    }
    List<RateSpec.Point> points = new ArrayList<>();
    for (YamlNode item : load.list("rate")) {
      point(item).ifPresent(points::add);
    }
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).atNs() < points.get(i - 1).atNs()) {
        load.problem("rate", "the instants go back; each must be at or after the one before");
        break;
      }
    }
    if (points.isEmpty()) {
      load.problem("rate", "is empty; give " + EXAMPLE);
      return one(Quantity.parse(ValueKind.RATE, "1/s"));
    }
    load.context().record(load.path("rate"), new RateSpec(points).text(), "scenario");
    return new RateSpec(points);
  }

  private Optional<RateSpec.Point> point(YamlNode item) {
    if (!(item instanceof YamlNode.Sequence pair) || pair.items().size() != 2) {
      load.context().problems().add(item.mark(), load.path("rate"), "is not " + EXAMPLE);
      return Optional.empty();
    }
    Optional<Quantity> at =
        value(pair.items().get(0), ValueKind.DURATION, Range.parse(ValueKind.DURATION, INSTANTS));
    Optional<Quantity> rate = value(pair.items().get(1), ValueKind.RATE, range);
    return at.flatMap(t -> rate.map(r -> new RateSpec.Point(t.asLong(), r)));
  }

  private Optional<Quantity> value(YamlNode node, ValueKind kind, Range within) {
    Optional<ReadContext.Resolved> resolved = load.context().resolve(load.path("rate"), node);
    if (resolved.isEmpty()) {
      return Optional.empty();
    }
    Mark mark = resolved.get().mark();
    try {
      Quantity quantity = Quantity.parse(kind, ParameterType.text(resolved.get().node()));
      Optional<String> complaint = within.complaint(quantity);
      complaint.ifPresent(c -> load.context().problems().add(mark, load.path("rate"), c));
      return complaint.isEmpty() ? Optional.of(quantity) : Optional.empty();
    } catch (IllegalArgumentException e) {
      load.context().problems().add(mark, load.path("rate"), Problems.text(e));
      return Optional.empty();
    }
  }
}
