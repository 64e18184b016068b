package dev.halfopen.scenario;

import java.util.List;
import java.util.Optional;

/**
 * A scenario that can be run.
 *
 * @param variants a workload that is to be simulated beside it, for its table of variants
 * @param values every value that the run uses, in the order of reading
 * @param effectiveYaml a scenario file that runs the same without any option, beside copies of
 *     {@code sampleFiles}
 */
public record Scenario(
    WorldSpec world,
    Optional<String> variants,
    List<ParameterValue> parameters,
    List<EffectiveValue> values,
    List<String> warnings,
    String effectiveYaml,
    List<SampleFile> sampleFiles) {
  public Scenario {
    parameters = List.copyOf(parameters);
    values = List.copyOf(values);
    warnings = List.copyOf(warnings);
    sampleFiles = List.copyOf(sampleFiles);
  }

  /**
   * A parameter's value in this run.
   *
   * @param name of the parameter, or the path of a file's name
   * @param origin "default", "--set" or "file"
   */
  public record ParameterValue(String name, String value, String origin, String meaning) {}
}
