package dev.halfopen.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes JSON in the order of the calls, two blanks a level, numbers without exponent or locale, so
 * that equal results are equal bytes.
 */
public final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final Deque<Boolean> filled = new ArrayDeque<>();

  /** An object under a key; {@link #endObject} closes it. */
  public JsonWriter object(String key) {
    key(key);
    return open('{');
  }

  /** An object that is the document or an item of a list. */
  public JsonWriter object() {
    separate();
    return open('{');
  }

  public JsonWriter array(String key) {
    key(key);
    return open('[');
  }

  /** An array that is the document. */
  public JsonWriter array() {
    separate();
    return open('[');
  }

  private JsonWriter open(char bracket) {
    out.append(bracket);
    filled.push(false);
    return this;
  }

  public JsonWriter endObject() {
    return close('}');
  }

  public JsonWriter endArray() {
    return close(']');
  }

  private JsonWriter close(char bracket) {
    boolean wasFilled = filled.pop();
    if (wasFilled) {
      newLine();
    }
    out.append(bracket);
    return this;
  }

  public JsonWriter text(String key, String value) {
    key(key);
    quote(value);
    return this;
  }

  public JsonWriter number(String key, long value) {
    key(key);
    out.append(value);
    return this;
  }

  /** A number with at most {@code digits} digits after the point; null if it is not finite. */
  public JsonWriter number(String key, double value, int digits) {
    key(key);
    out.append(Double.isFinite(value) ? Figures.shortest(value, digits) : "null");
    return this;
  }

  public JsonWriter flag(String key, boolean value) {
    key(key);
    out.append(value);
    return this;
  }

  public JsonWriter nothing(String key) {
    key(key);
    out.append("null");
    return this;
  }

  /** A list of numbers on one line, null for those that are not finite. */
  public JsonWriter numbers(String key, int digits, double... values) {
    key(key);
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ", ");
      out.append(Double.isFinite(values[i]) ? Figures.number(values[i], digits) : "null");
    }
    out.append(']');
    return this;
  }

  /** An item of a list. */
  public JsonWriter item(String value) {
    separate();
    quote(value);
    return this;
  }

  /** The document with a newline at its end. */
  public String text() {
    return out + "\n";
  }

  private void key(String key) {
    separate();
    quote(key);
    out.append(": ");
  }

  private void separate() {
    if (filled.isEmpty()) {
      return;
    }
    if (filled.pop()) {
      out.append(',');
    }
    filled.push(true);
    newLine();
  }

  private void newLine() {
    out.append('\n').append("  ".repeat(filled.size()));
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c < 0x20) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
