package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code --set hosts.nginx.apps.proxy.upstream.idlePool=32}: any value by its path, as {@code
 * halfopen check} prints it. Where the scenario has {@code $name} in that place the parameter is
 * set, so that it keeps its range and its other uses.
 */
final class PathSettings {
  private static final Pattern PATH = Pattern.compile("(hosts|load|names)\\..+");
  private static final Pattern DOTS = Pattern.compile("\\.");

  /** What comes after it is one key, dots included. */
  private static final String SYSCTL = "sysctl";

  private final String workload;
  private final Parameters parameters;
  private final Problems problems;

  PathSettings(String workload, Parameters parameters, Problems problems) {
    this.workload = workload;
    this.parameters = parameters;
    this.problems = problems;
  }

  /** Sets parameters, and returns the document with the other values. */
  YamlNode.Mapping apply(YamlNode.Mapping document, List<Overrides.Setting> settings) {
    YamlNode.Mapping out = document;
    for (Overrides.Setting setting : settings) {
      if (PATH.matcher(setting.key()).matches()) {
        out = set(out, List.of(), List.of(DOTS.split(setting.key(), -1)), setting);
      } else {
        parameters.set(workload, setting, problems);
      }
    }
    return out;
  }

  private YamlNode.Mapping set(
      YamlNode.Mapping node, List<String> above, List<String> rest, Overrides.Setting setting) {
    int length = keyLength(node, above, rest);
    String key = String.join(".", rest.subList(0, length));
    Optional<YamlNode> old = node.get(key);
    if (length == rest.size()) {
      return leaf(node, key, old, setting);
    }
    List<String> path = new ArrayList<>(above);
    path.add(key);
    if (old.isEmpty() && isName(path)) {
      String where = above.isEmpty() ? workload : String.join(".", above);
      Collection<String> known = node.entries().keySet();
      String listing = "; it has " + String.join(", ", known);
      problems.add(
          setting.mark(), "", where + " has no " + key + Suggest.hint(key, known) + listing);
      return node;
    }
    YamlNode below = old.orElse(new YamlNode.Mapping(setting.mark(), Map.of(), false));
    if (below instanceof YamlNode.Mapping mapping) {
      return node.with(key, set(mapping, path, rest.subList(length, rest.size()), setting));
    }
    problems.add(setting.mark(), "", String.join(".", path) + " is " + below.kind());
    return node;
  }

  /** A key may have dots of its own: those of a DNS name that is there, and sysctls. */
  private static int keyLength(YamlNode.Mapping node, List<String> above, List<String> rest) {
    for (int length = 1; length <= rest.size(); length++) {
      if (node.entries().containsKey(String.join(".", rest.subList(0, length)))) {
        return length;
      }
    }
    boolean isSysctl = !above.isEmpty() && above.get(above.size() - 1).equals(SYSCTL);
    return isSysctl ? rest.size() : 1;
  }

  /** Names of hosts, applications, loads and DNS names must be there; other keys may be added. */
  private static boolean isName(List<String> path) {
    return path.size() <= 2 || (path.size() <= 4 && path.get(2).equals("apps"));
  }

  private YamlNode.Mapping leaf(
      YamlNode.Mapping node, String key, Optional<YamlNode> old, Overrides.Setting setting) {
    if (old.orElse(null) instanceof YamlNode.Scalar s && s.reference().isPresent()) {
      String name = s.reference().get();
      parameters.set(
          workload, new Overrides.Setting(name, setting.value(), setting.mark()), problems);
      return node;
    }
    try {
      return node.with(key, YamlReader.optionValue(setting.mark(), setting.value()));
    } catch (BadInputException e) {
      problems.add(setting.mark(), "", e.lines().get(0));
      return node;
    }
  }
}
