package dev.halfopen.scenario;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a tree of {@link YamlNode}s so that {@link YamlReader} reads the same tree back. */
public final class YamlWriter {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9$./_+-][A-Za-z0-9$./_+ :%()=<>'^-]*");

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  public static String text(YamlNode.Mapping document) {
    YamlWriter writer = new YamlWriter();
    writer.block(document, 0);
    return writer.out.toString();
  }

  private void block(YamlNode.Mapping mapping, int indent) {
    for (Map.Entry<String, YamlNode.Entry> e : mapping.entries().entrySet()) {
      indent(indent);
      out.append(scalar(e.getKey(), false)).append(':');
      value(e.getValue().value(), indent + 2);
    }
  }

  private void value(YamlNode node, int indent) {
    if (node instanceof YamlNode.Mapping m && !m.flow() && !m.entries().isEmpty()) {
      out.append('\n');
      block(m, indent);
    } else if (node instanceof YamlNode.Sequence s && !s.flow() && !s.items().isEmpty()) {
      out.append('\n');
      for (YamlNode item : s.items()) {
        indent(indent);
        out.append("- ");
        flow(item);
        out.append('\n');
      }
    } else {
      out.append(' ');
      flow(node);
      out.append('\n');
    }
  }

  private void flow(YamlNode node) {
    if (node instanceof YamlNode.Scalar s) {
      out.append(scalar(s.text(), s.quoted()));
    } else if (node instanceof YamlNode.Sequence s) {
      out.append('[');
      String separator = "";
      for (YamlNode item : s.items()) {
        out.append(separator);
        flow(item);
        separator = ", ";
      }
      out.append(']');
    } else if (node instanceof YamlNode.Mapping m) {
      out.append("{ ");
      String separator = "";
      for (Map.Entry<String, YamlNode.Entry> e : m.entries().entrySet()) {
        out.append(separator).append(scalar(e.getKey(), false)).append(": ");
        flow(e.getValue().value());
        separator = ", ";
      }
      out.append(" }");
    }
  }

  private void indent(int columns) {
    out.append(" ".repeat(columns));
  }

  /** Text that YAML reads back as it is: plain where that is safe, in double quotes elsewhere. */
  private static String scalar(String text, boolean wasQuoted) {
    boolean plain =
        !wasQuoted
            && PLAIN.matcher(text).matches()
            && !text.startsWith("- ")
            && !text.equals("-")
            && !text.contains(": ")
            && !text.endsWith(":")
            && !text.endsWith(" ");
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
