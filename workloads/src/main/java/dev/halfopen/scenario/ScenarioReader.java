package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a scenario file with the changes of the command line, and checks all of it. */
public final class ScenarioReader {
  private static final String DURATION_RANGE = "1ms..720h";
  private static final Pattern SYSCTL_SETTING = Pattern.compile("[A-Za-z0-9-]+:net\\..*");

  private final ScenarioSource source;
  private final Overrides overrides;
  private final Problems problems = new Problems();
  private final List<String> warnings = new ArrayList<>();

  private ScenarioReader(ScenarioSource source, Overrides overrides) {
    this.source = source;
    this.overrides = withSysctlSets(overrides);
  }

  /**
   * Reads and checks.
   *
   * @throws BadInputException with a line for everything that is wrong
   */
  public static Scenario read(ScenarioSource source, Overrides overrides) throws BadInputException {
    return new ScenarioReader(source, overrides).read();
  }

  /** {@code --set HOST:net.x=V} is a sysctl. */
  private static Overrides withSysctlSets(Overrides o) {
    List<Overrides.Setting> sets = new ArrayList<>();
    List<Overrides.SysctlSetting> sysctls = new ArrayList<>(o.sysctls());
    for (Overrides.Setting s : o.sets()) {
      if (SYSCTL_SETTING.matcher(s.key()).matches()) {
        String[] hostAndKey = s.key().split(":", 2);
        sysctls.add(
            new Overrides.SysctlSetting(
                Optional.of(hostAndKey[0]), hostAndKey[1], s.value(), "--set", s.mark()));
      } else {
        sets.add(s);
      }
    }
    return new Overrides(o.kernels(), o.seed(), o.duration(), sets, sysctls, o.sysctlFiles());
  }

  private Scenario read() throws BadInputException {
    YamlNode.Mapping written = YamlReader.document(source.file(), source.text());
    YamlNode.Mapping expanded = Likes.expand(written, problems);
    Parameters parameters = new ParametersReader(problems).read(expanded);
    YamlNode.Mapping document =
        new PathSettings(source.name(), parameters, problems).apply(expanded, overrides.sets());
    ReadContext context = new ReadContext(problems, parameters, source.directory());
    MapReader top = new MapReader(context, "", document);
    WorldSpec world = world(top, context);
    checkUse(parameters);
    if (problems.isEmpty()) {
      new WorldChecks(world, top, problems).check();
    }
    problems.throwIfAny();
    String yaml = EffectiveScenario.yaml(document, world, parameters, context.samplesByMark());
    return new Scenario(
        world,
        Optional.of(top.text("variants")).filter(name -> !name.isEmpty()),
        values(parameters, context.samples()),
        context.values(),
        warnings,
        yaml,
        List.copyOf(context.samples().values()));
  }

  private WorldSpec world(MapReader top, ReadContext context) {
    version(top);
    top.mapOrEmpty("parameters");
    top.mapOrEmpty("sweep"); // read by SweepSpec and CapacitySpec
    top.mapOrEmpty("capacity");
    top.text("variants"); // of the scenario, not of its world
    String question = top.text("question");
    long durationNs = durationNs(top);
    long seed = seed(top);
    top.require("hosts");
    top.require("load");
    List<HostSpec> hosts =
        new HostReader(context, overrides, source.directory(), warnings)
            .read(top.mapOrEmpty("hosts"));
    List<NameSpec> names = NameReader.read(top);
    List<LinkSpec> links = LinkReader.read(top);
    List<LoadSpec> loads = LoadReader.read(top.mapOrEmpty("load"));
    FaultReader.Faults faults = FaultReader.read(top, context);
    Optional<Long> breakdownNs = ConnectionStates.read(top, faults.times());
    Goals goals = GoalsReader.read(top);
    top.finish();
    return new WorldSpec(
        source.name(),
        question,
        durationNs,
        seed,
        hosts,
        names,
        links,
        loads,
        faults.specs(),
        breakdownNs,
        goals);
  }

  private void version(MapReader top) {
    if (top.require("halfopen") && !top.text("halfopen").equals("1")) {
      top.problem("halfopen", "this is version 1 of the language, not " + top.text("halfopen"));
    }
  }

  private long durationNs(MapReader top) {
    long inFile = top.durationNs("duration", "60s", DURATION_RANGE);
    if (overrides.duration().isEmpty()) {
      return inFile;
    }
    return optionValue(overrides.duration().get(), ValueKind.DURATION, DURATION_RANGE, inFile);
  }

  private long seed(MapReader top) {
    String range = "0.." + Long.MAX_VALUE / 10;
    long inFile = top.quantity("seed", ValueKind.COUNT, "1", range).asLong();
    return overrides.seed().isEmpty()
        ? inFile
        : optionValue(overrides.seed().get(), ValueKind.COUNT, range, inFile);
  }

  private long optionValue(Overrides.Setting option, ValueKind kind, String range, long fallback) {
    try {
      Quantity quantity = Quantity.parse(kind, option.value());
      Optional<String> complaint = Range.parse(kind, range).complaint(quantity);
      complaint.ifPresent(c -> problems.add(option.mark(), "", c));
      return complaint.isPresent() ? fallback : quantity.asLong();
    } catch (IllegalArgumentException e) {
      problems.add(option.mark(), "", Problems.text(e));
      return fallback;
    }
  }

  private void checkUse(Parameters parameters) {
    if (!problems.isEmpty()) {
      return;
    }
    for (Parameters.Parameter p : parameters.all()) {
      String nowhere = "$" + p.name() + " is used nowhere";
      if (!p.isUsed() && p.isSet()) {
        problems.add(p.value().mark(), "", nowhere + " in " + source.file());
      } else if (!p.isUsed()) {
        warnings.add(p.mark() + ": parameters." + p.name() + ": " + nowhere);
      }
    }
  }

  /** What a run depends on beside the scenario's own text: parameters, and files by their hash. */
  private static List<Scenario.ParameterValue> values(
      Parameters parameters, Map<String, SampleFile> samples) {
    List<Scenario.ParameterValue> values = new ArrayList<>();
    for (Parameters.Parameter p : parameters.all()) {
      String origin = p.isSet() ? "--set" : "default";
      values.add(new Scenario.ParameterValue(p.name(), p.text(), origin, p.meaning()));
    }
    samples.forEach(
        (path, file) ->
            values.add(new Scenario.ParameterValue(path, file.summary(), SampleFile.KEY, "")));
    return values;
  }
}
