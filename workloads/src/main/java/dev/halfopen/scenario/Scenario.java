package dev.halfopen.scenario;

import java.util.List;

/**
 * A scenario that can be run.
 *
 * @param values every value that the run uses, in the order of reading
 * @param effectiveYaml a scenario file that runs the same without any option
 */
public record Scenario(
    WorldSpec world,
    List<ParameterValue> parameters,
    List<EffectiveValue> values,
    List<String> warnings,
    String effectiveYaml) {
  public Scenario {
    parameters = List.copyOf(parameters);
    values = List.copyOf(values);
    warnings = List.copyOf(warnings);
  }

  /**
   * A parameter's value in this run.
   *
   * @param origin "default" or "--set"
   */
  public record ParameterValue(String name, String value, String origin, String meaning) {}
}
