package dev.halfopen.scenario;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads YAML into {@link YamlNode}s. Anchors, aliases, merge keys, tags, duplicate keys and several
 * documents are refused: a scenario says everything where it holds.
 */
public final class YamlReader {
  private static final int CHARACTERS_MAX = 4 << 20;
  private static final int DEPTH_MAX = 50;

  private final String source;
  private final Problems problems;

  private YamlReader(String source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /**
   * Reads a whole document.
   *
   * @param source the file's name as errors show it
   */
  public static YamlNode.Mapping document(String source, String text) throws BadInputException {
    Problems problems = new Problems();
    YamlReader reader = new YamlReader(source, problems);
    YamlNode node = reader.read(text);
    problems.throwIfAny();
    if (node instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    throw new BadInputException(
        source + ":1:1: a scenario is a mapping that starts with \"halfopen: 1\"");
  }

  /** Reads the value of an option, a scalar or a flow list; all of it has the option's mark. */
  public static YamlNode optionValue(Mark mark, String text) throws BadInputException {
    YamlNode.Scalar plain = new YamlNode.Scalar(mark, text, false);
    if (!text.startsWith("[")) {
      return plain;
    }
    Problems problems = new Problems();
    YamlNode node = new YamlReader(mark.source(), problems).read(text);
    if (!problems.isEmpty()) {
      throw new BadInputException(mark + ": \"" + text + "\" is not a YAML list");
    }
    return remark(mark, node);
  }

  /** The same value as if it had been written elsewhere. */
  static YamlNode remark(Mark mark, YamlNode node) {
    if (node instanceof YamlNode.Sequence s) {
      List<YamlNode> items = new ArrayList<>();
      s.items().forEach(item -> items.add(remark(mark, item)));
      return new YamlNode.Sequence(mark, items, true);
    }
    if (node instanceof YamlNode.Scalar s) {
      return new YamlNode.Scalar(mark, s.text(), s.quoted());
    }
    return node;
  }

  private YamlNode read(String text) throws BadInputException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(CHARACTERS_MAX);
    options.setNestingDepthLimit(DEPTH_MAX);
    Yaml yaml = new Yaml(options);
    try {
      refuseAnchors(yaml.parse(new StringReader(text)));
      problems.throwIfAny();
      Node root = yaml.compose(new StringReader(text));
      return root == null ? new YamlNode.Scalar(new Mark(source, 1, 1), "", false) : convert(root);
    } catch (MarkedYAMLException e) {
      var at = e.getProblemMark();
      Mark mark = at == null ? new Mark(source, 1, 1) : mark(at);
      throw new BadInputException(mark + ": not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new BadInputException(source + ":1:1: not YAML: " + firstLine(Problems.text(e)));
    }
  }

  private static String firstLine(String message) {
    return String.valueOf(message).lines().findFirst().orElse("unreadable");
  }

  private void refuseAnchors(Iterable<Event> events) {
    int documents = 0;
    for (Event event : events) {
      Mark at = mark(event.getStartMark());
      if (event.is(Event.ID.DocumentStart) && ++documents == 2) {
        problems.add(at, "", "a scenario is one YAML document");
      }
      if (event instanceof AliasEvent alias) {
        problems.add(
            at,
            "",
            "YAML aliases (*"
                + alias.getAnchor()
                + ") are not used here; count: and like: make groups");
      } else if (event instanceof NodeEvent node && node.getAnchor() != null) {
        problems.add(
            at,
            "",
            "YAML anchors (&"
                + node.getAnchor()
                + ") are not used here; count: and like: make groups");
      }
    }
  }

  private YamlNode convert(Node node) {
    Mark mark = mark(node.getStartMark());
    if (!node.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
      problems.add(mark, "", "YAML tags (" + node.getTag().getValue() + ") are not used here");
    }
    if (node instanceof ScalarNode scalar) {
      return new YamlNode.Scalar(mark, scalar.getValue(), !scalar.isPlain());
    }
    if (node instanceof SequenceNode sequence) {
      List<YamlNode> items = new ArrayList<>();
      sequence.getValue().forEach(item -> items.add(convert(item)));
      return new YamlNode.Sequence(mark, items, isFlow(sequence.getFlowStyle()));
    }
    MappingNode mapping = (MappingNode) node;
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      addEntry(entries, tuple);
    }
    return new YamlNode.Mapping(mark, entries, isFlow(mapping.getFlowStyle()));
  }

  private void addEntry(Map<String, YamlNode.Entry> entries, NodeTuple tuple) {
    Mark mark = mark(tuple.getKeyNode().getStartMark());
    if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
      problems.add(mark, "", "a key must be a word");
      return;
    }
    String key = keyNode.getValue();
    if (key.equals("<<")) {
      problems.add(
          mark, "", "YAML merge keys (<<) are not used here; count: and like: make groups");
      return;
    }
    YamlNode.Entry before = entries.get(key);
    if (before != null) {
      problems.add(
          mark,
          "",
          String.format(
              Locale.ROOT, "duplicate key %s; first in line %d", key, before.keyMark().line()));
      return;
    }
    entries.put(key, new YamlNode.Entry(mark, convert(tuple.getValueNode())));
  }

  private static boolean isFlow(org.yaml.snakeyaml.DumperOptions.FlowStyle style) {
    return style == org.yaml.snakeyaml.DumperOptions.FlowStyle.FLOW;
  }

  private Mark mark(org.yaml.snakeyaml.error.Mark at) {
    return new Mark(source, at.getLine() + 1, at.getColumn() + 1);
  }
}
