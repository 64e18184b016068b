package dev.halfopen.scenario;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces {@code like:} by what it stands for, before anything else is read: a group of hosts is
 * like another group, an application is like a versioned preset. What is written beside {@code
 * like} wins, key by key.
 */
final class Likes {
  private static final String LIKE = "like";

  /** Two ways of saying one thing: the one written here replaces the other. */
  private static final Map<String, String> SAME =
      Map.of("closer", "connectionHeader", "connectionHeader", "closer");

  private final Problems problems;
  private final Set<String> underWay = new LinkedHashSet<>();

  private Likes(Problems problems) {
    this.problems = problems;
  }

  static YamlNode.Mapping expand(YamlNode.Mapping document, Problems problems) {
    if (!(document.get("hosts").orElse(null) instanceof YamlNode.Mapping hosts)) {
      return document;
    }
    Likes likes = new Likes(problems);
    YamlNode.Mapping out = hosts;
    for (String name : hosts.entries().keySet()) {
      if (hosts.get(name).orElse(null) instanceof YamlNode.Mapping host) {
        out = out.with(name, likes.apps(name, likes.host(name, host, hosts)));
      }
    }
    return document.with("hosts", out);
  }

  private YamlNode.Mapping host(String name, YamlNode.Mapping host, YamlNode.Mapping hosts) {
    Optional<YamlNode> like = host.get(LIKE);
    if (like.isEmpty()) {
      return host;
    }
    String base = ParameterType.text(like.get());
    String path = "hosts." + name + "." + LIKE;
    if (!underWay.add(name)) {
      problems.add(like.get().mark(), path, "is like itself in the end");
      return host.without(LIKE);
    }
    YamlNode.Mapping merged = host.without(LIKE);
    if (hosts.get(base).orElse(null) instanceof YamlNode.Mapping other) {
      merged = merge(host(base, other, hosts).without("count").without("addresses"), merged);
    } else {
      problems.add(
          like.get().mark(),
          path,
          "no host " + base + Suggest.hint(base, hosts.entries().keySet()));
    }
    underWay.remove(name);
    return merged;
  }

  private YamlNode.Mapping apps(String hostName, YamlNode.Mapping host) {
    if (!(host.get("apps").orElse(null) instanceof YamlNode.Mapping apps)) {
      return host;
    }
    YamlNode.Mapping out = apps;
    for (String name : apps.entries().keySet()) {
      if (apps.get(name).orElse(null) instanceof YamlNode.Mapping app) {
        out = out.with(name, presets("hosts." + hostName + ".apps." + name, app));
      }
    }
    return host.with("apps", out);
  }

  /** Presets may stand in an application and in any mapping below it. */
  private YamlNode.Mapping presets(String path, YamlNode.Mapping app) {
    YamlNode.Mapping out = app;
    Optional<YamlNode> like = app.get(LIKE);
    if (like.isPresent()) {
      String preset = ParameterType.text(like.get());
      Optional<YamlNode.Mapping> base = Presets.find(preset);
      out = app.without(LIKE);
      if (base.isPresent()) {
        out = merge(base.get(), out);
      } else {
        problems.add(
            like.get().mark(),
            path + "." + LIKE,
            "unknown preset "
                + preset
                + Suggest.hint(preset, Presets.names())
                + "; known: "
                + String.join(", ", Presets.names()));
      }
    }
    for (Map.Entry<String, YamlNode.Entry> e : out.entries().entrySet()) {
      if (e.getValue().value() instanceof YamlNode.Mapping m) {
        out = out.with(e.getKey(), presets(path + "." + e.getKey(), m));
      }
    }
    return out;
  }

  /** Keys of {@code own} win; a distribution is replaced as a whole. */
  private static YamlNode.Mapping merge(YamlNode.Mapping base, YamlNode.Mapping own) {
    YamlNode.Mapping out = base;
    for (Map.Entry<String, YamlNode.Entry> e : own.entries().entrySet()) {
      String key = e.getKey();
      boolean deep = !key.endsWith("Time") && !key.endsWith("Bytes");
      YamlNode value = e.getValue().value();
      if (deep
          && value instanceof YamlNode.Mapping m
          && base.get(key).orElse(null) instanceof YamlNode.Mapping b) {
        value = merge(b, m);
      }
      out = out.without(key).without(SAME.getOrDefault(key, key)).with(key, value);
    }
    return new YamlNode.Mapping(own.mark(), out.entries(), own.flow());
  }
}
