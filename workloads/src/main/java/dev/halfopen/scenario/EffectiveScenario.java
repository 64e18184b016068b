package dev.halfopen.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the scenario as it was run: the file with parameters, kernels, sysctls, seed and duration
 * set to what they were, sysctl files inlined, files of samples by the names of their copies beside
 * it. Running it gives the same digest.
 */
final class EffectiveScenario {
  private static final Mark HERE = Mark.NOWHERE;

  private EffectiveScenario() {}

  static String yaml(
      YamlNode.Mapping document,
      WorldSpec world,
      Parameters parameters,
      Map<Mark, SampleFile> samples) {
    YamlNode.Mapping out =
        samples.isEmpty() ? document : (YamlNode.Mapping) withCopies(document, samples);
    if (document.get("parameters").orElse(null) instanceof YamlNode.Mapping declared) {
      out = out.with("parameters", parameters(declared, parameters));
    }
    out = out.with("duration", scalar(duration(world.durationNs())));
    out = out.with("seed", scalar(String.valueOf(world.seed())));
    if (out.get("hosts").orElse(null) instanceof YamlNode.Mapping hosts) {
      out = out.with("hosts", hosts(hosts, world));
    }
    return YamlWriter.text(out);
  }

  private static YamlNode.Mapping parameters(YamlNode.Mapping declared, Parameters parameters) {
    YamlNode.Mapping out = declared;
    for (Parameters.Parameter p : parameters.all()) {
      if (p.isSet() && declared.get(p.name()).orElse(null) instanceof YamlNode.Mapping m) {
        out = out.with(p.name(), m.with("default", p.value()));
      }
    }
    return out;
  }

  private static YamlNode withCopies(YamlNode node, Map<Mark, SampleFile> samples) {
    if (node instanceof YamlNode.Sequence list) {
      List<YamlNode> items = list.items().stream().map(i -> withCopies(i, samples)).toList();
      return new YamlNode.Sequence(list.mark(), items, list.flow());
    }
    if (node instanceof YamlNode.Mapping mapping) {
      YamlNode.Mapping out = mapping;
      for (Map.Entry<String, YamlNode.Entry> e : mapping.entries().entrySet()) {
        out = out.with(e.getKey(), withCopies(e.getValue().value(), samples));
      }
      return out;
    }
    SampleFile file = samples.get(node.mark());
    return file == null ? node : scalar(file.copyName());
  }

  private static YamlNode.Mapping hosts(YamlNode.Mapping hosts, WorldSpec world) {
    YamlNode.Mapping out = hosts;
    for (Map.Entry<String, YamlNode.Entry> e : hosts.entries().entrySet()) {
      if (e.getValue().value() instanceof YamlNode.Mapping host
          && !world.group(e.getKey()).isEmpty()) {
        out = out.with(e.getKey(), host(host, world.group(e.getKey()).get(0).sysctls()));
      }
    }
    return out;
  }

  private static YamlNode.Mapping host(YamlNode.Mapping host, HostSysctls sysctls) {
    YamlNode.Mapping out = host.without("sysctlFile").without("memory").without("sysctl");
    if (sysctls.kernelOrigin().equals("--kernel")) {
      out = out.with("kernel", scalar(sysctls.kernel().name()));
    }
    boolean sizedByPorts = host.get("ephemeralPorts").isPresent() && !isExplicit(sysctls);
    YamlNode.Mapping set = new YamlNode.Mapping(HERE, Map.of(), false);
    for (Map.Entry<String, HostSysctls.Value> e : sysctls.set().entrySet()) {
      if (!(sizedByPorts && e.getKey().equals(HostSysctls.PORT_RANGE))) {
        set = set.with(e.getKey(), value(host, e.getKey(), e.getValue()));
      }
    }
    return set.entries().isEmpty() ? out : out.with("sysctl", set);
  }

  /**
   * {@code $name} stays where the scenario's own value won, so that the parameter keeps its use.
   */
  private static YamlNode value(YamlNode.Mapping host, String key, HostSysctls.Value value) {
    boolean ofScenario = value.origin().equals("scenario") || value.origin().equals("--set");
    if (ofScenario && host.get("sysctl").orElse(null) instanceof YamlNode.Mapping m) {
      Optional<YamlNode> original = m.get(key);
      if (original.isPresent()
          && original.get() instanceof YamlNode.Scalar s
          && s.reference().isPresent()) {
        return s;
      }
    }
    return scalar(value.text());
  }

  /** Whether the port range comes from a sysctl rather than from ephemeralPorts. */
  private static boolean isExplicit(HostSysctls sysctls) {
    HostSysctls.Value range = sysctls.set().get(HostSysctls.PORT_RANGE);
    return range != null && !range.fromEphemeralPorts();
  }

  private static YamlNode scalar(String text) {
    return new YamlNode.Scalar(HERE, text, false);
  }

  /** The shortest exact notation: 180s, 1500ms, 1ns. */
  static String duration(long ns) {
    if (ns % 1_000_000_000L == 0) {
      return ns / 1_000_000_000L + "s";
    }
    if (ns % 1_000_000L == 0) {
      return ns / 1_000_000L + "ms";
    }
    return ns + "ns";
  }
}
