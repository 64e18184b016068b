package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code sweep:} of a scenario, as it is written.
 *
 * @param grid keys with their values
 * @param seeds how many
 * @param report quantities to show
 */
public record SweepSpec(Map<String, List<String>> grid, int seeds, List<String> report) {
  /** What holds where a scenario says nothing. */
  public static final int SEEDS = 20;

  public SweepSpec {
    grid = Collections.unmodifiableMap(new LinkedHashMap<>(grid));
    report = List.copyOf(report);
  }

  /** Reads the block; empty values where there is none. */
  public static SweepSpec of(ScenarioSource source) throws BadInputException {
    YamlNode.Mapping document = YamlReader.document(source.file(), source.text());
    Problems problems = new Problems();
    ReadContext context = new ReadContext(problems, new Parameters());
    MapReader block = new MapReader(context, "", document).mapOrEmpty("sweep");
    MapReader grid = block.mapOrEmpty("grid");
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (String key : grid.node().entries().keySet()) {
      List<String> values = new ArrayList<>();
      grid.list(key).forEach(value -> values.add(ParameterType.text(value)));
      if (values.isEmpty()) {
        grid.problem(key, "a list of values is wanted");
      }
      keys.put(key, values);
    }
    int seeds = block.count("seeds", Integer.toString(SEEDS), "1..100000");
    List<String> report = block.list("report").stream().map(ParameterType::text).toList();
    block.finish();
    problems.throwIfAny();
    return new SweepSpec(keys, seeds, report);
  }
}
