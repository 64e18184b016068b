package dev.halfopen.scenario;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a scenario: declared in the file, changed with --set, used as {@code $name}.
 */
public final class Parameters {
  private final Map<String, Parameter> byName = new LinkedHashMap<>();

  /** One parameter; its value is the default until it is set. */
  public static final class Parameter {
    private final String name;
    private final ParameterType type;
    private final String meaning;
    private final Mark mark;
    private YamlNode value;
    private boolean set;
    private boolean used;

    Parameter(String name, ParameterType type, String meaning, YamlNode value, Mark mark) {
      this.name = name;
      this.type = type;
      this.meaning = meaning;
      this.value = value;
      this.mark = mark;
    }

    public String name() {
      return name;
    }

    public String meaning() {
      return meaning;
    }

    public ParameterType type() {
      return type;
    }

    public YamlNode value() {
      return value;
    }

    /** The value as it would be written after --set. */
    public String text() {
      return ParameterType.text(value);
    }

    public boolean isSet() {
      return set;
    }

    boolean isUsed() {
      return used;
    }

    void markUsed() {
      used = true;
    }

    Mark mark() {
      return mark;
    }

    void set(YamlNode newValue) {
      value = newValue;
      set = true;
    }
  }

  public Collection<String> names() {
    return byName.keySet();
  }

  public Collection<Parameter> all() {
    return byName.values();
  }

  public Optional<Parameter> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  void add(Parameter parameter) {
    byName.put(parameter.name(), parameter);
  }

  /** Applies {@code --set NAME=VALUE}; notes what is wrong with it. */
  void set(String workload, Overrides.Setting setting, Problems problems) {
    Parameter parameter = byName.get(setting.key());
    if (parameter == null) {
      problems.add(setting.mark(), "", unknown(workload, setting.key()));
      return;
    }
    try {
      YamlNode node = YamlReader.optionValue(setting.mark(), setting.value());
      YamlNode value = parameter.type().normalized(node);
      Optional<String> complaint = parameter.type().complaint(value);
      if (complaint.isPresent()) {
        problems.add(setting.mark(), "", complaint.get());
      } else {
        parameter.set(value);
      }
    } catch (BadInputException e) {
      problems.add(setting.mark(), "", e.lines().get(0));
    }
  }

  private String unknown(String workload, String key) {
    String none = workload + " has no such parameter";
    if (key.toLowerCase(Locale.ROOT).contains("keepalive")) {
      return none + "; idlePool (HTTP connection reuse) or tcpKeepalive (SO_KEEPALIVE)?";
    }
    String hint = Suggest.hint(key, byName.keySet());
    if (!hint.isEmpty()) {
      return none + hint;
    }
    return byName.isEmpty()
        ? none
        : none + "; it has " + String.join(", ", List.copyOf(byName.keySet()));
  }
}
