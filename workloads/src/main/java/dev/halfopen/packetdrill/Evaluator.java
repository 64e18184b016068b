package dev.halfopen.packetdrill;

import java.util.Map;

/** Integer expressions as Python has them: comparisons may be chained. */
final class Evaluator {
  private final int line;
  private final TokenReader in;
  private final Map<String, Long> variables;

  Evaluator(int line, TokenReader in, Map<String, Long> variables) {
    this.line = line;
    this.in = in;
    this.variables = variables;
  }

  long value() {
    long v = and();
    while (in.takeWord("or")) {
      long right = and();
      v = v != 0 ? v : right;
    }
    return v;
  }

  private long and() {
    long v = not();
    while (in.takeWord("and")) {
      long right = not();
      v = v == 0 ? v : right;
    }
    return v;
  }

  private long not() {
    return in.takeWord("not") ? truth(not() == 0) : comparison();
  }

  private static long truth(boolean b) {
    return b ? 1 : 0;
  }

  private long comparison() {
    long left = bitOr();
    boolean any = false;
    boolean holds = true;
    for (; ; ) {
      String op = comparator();
      if (op.isEmpty()) {
        return any ? truth(holds) : left;
      }
      long right = bitOr();
      any = true;
      holds &= compare(left, op, right);
      left = right;
    }
  }

  private String comparator() {
    Token a = in.peek();
    Token b = in.peek(1);
    if (b.is('=') && (a.is('=') || a.is('!') || a.is('<') || a.is('>'))) {
      in.next();
      in.next();
      return a.text() + "=";
    }
    if (a.is('<') && !b.is('<') || a.is('>') && !b.is('>')) {
      in.next();
      return a.text();
    }
    return "";
  }

  private static boolean compare(long a, String op, long b) {
    return switch (op) {
      case "==" -> a == b;
      case "!=" -> a != b;
      case "<" -> a < b;
      case "<=" -> a <= b;
      case ">" -> a > b;
      default -> a >= b;
    };
  }

  private long bitOr() {
    long v = bitAnd();
    while (in.take('|')) {
      v |= bitAnd();
    }
    return v;
  }

  private long bitAnd() {
    long v = sum();
    while (in.take('&')) {
      v &= sum();
    }
    return v;
  }

  private long sum() {
    long v = product();
    for (; ; ) {
      if (in.take('+')) {
        v += product();
      } else if (in.take('-')) {
        v -= product();
      } else if (in.peek().kind() == Token.Kind.INTEGER && in.peek().text().startsWith("-")) {
        v += product();
      } else {
        return v;
      }
    }
  }

  private long product() {
    long v = atom();
    for (; ; ) {
      if (in.take('*')) {
        v *= atom();
      } else if (in.take('/')) {
        in.take('/');
        v /= atom();
      } else if (in.take('%')) {
        v %= atom();
      } else {
        return v;
      }
    }
  }

  private long atom() {
    if (in.take('(')) {
      long v = value();
      in.expect(')');
      return v;
    }
    if (in.take('-')) {
      return -atom();
    }
    Token t = in.next();
    if (t.kind() == Token.Kind.INTEGER) {
      return (long) t.number();
    }
    Long known = t.kind() == Token.Kind.WORD ? variables.get(t.text()) : null;
    if (known == null) {
      throw new ScriptException.Unsupported(line, "in code: " + t.shown());
    }
    return known;
  }
}
