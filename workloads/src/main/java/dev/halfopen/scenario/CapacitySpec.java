package dev.halfopen.scenario;

/**
 * {@code capacity:} of a scenario, as it is written; "" for what it does not say.
 *
 * @param seeds how many; 0 for what it does not say
 */
public record CapacitySpec(
    String raise, String within, String condition, String resolution, int seeds) {
  /** Reads the block. */
  public static CapacitySpec of(ScenarioSource source) throws BadInputException {
    YamlNode.Mapping document = YamlReader.document(source.file(), source.text());
    Problems problems = new Problems();
    ReadContext context = new ReadContext(problems, new Parameters());
    MapReader block = new MapReader(context, "", document).mapOrEmpty("capacity");
    CapacitySpec spec =
        new CapacitySpec(
            block.text("raise"),
            block.text("within"),
            block.text("while"),
            block.text("resolution"),
            block.has("seeds") ? block.count("seeds", "1", "1..100000") : 0);
    block.finish();
    problems.throwIfAny();
    return spec;
  }
}
