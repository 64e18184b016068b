package dev.halfopen.packetdrill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a script: options, events in order, shell blocks before, between and after them. */
final class ScriptParser {
  private static final double US_PER_S = 1e6;
  private static final Script.Time AT_ONCE = new Script.Time(Script.TimeKind.RELATIVE, 0, 0, -1);

  private final TokenReader in;
  private final PacketParser packets;

  private ScriptParser(TokenReader in) {
    this.in = in;
    this.packets = new PacketParser(in);
  }

  static Script parse(String text, Map<String, String> definitions) {
    List<Token> tokens = new ArrayList<>();
    for (Token t : Lexer.tokens(text)) {
      String value = t.kind() == Token.Kind.WORD ? definitions.get(t.text()) : null;
      tokens.add(value == null ? t : Lexer.tokens(value).get(0));
    }
    return new ScriptParser(new TokenReader(tokens)).script();
  }

  private Script script() {
    Map<String, String> options = new LinkedHashMap<>();
    while (in.peek().kind() == Token.Kind.OPTION) {
      String name = in.next().text();
      StringBuilder value = new StringBuilder();
      int line = in.peek().line();
      if (in.take('=')) {
        do {
          value.append(in.next().text());
        } while (in.peek().line() == line
            && in.peek().kind() != Token.Kind.OPTION
            && in.peek().kind() != Token.Kind.SHELL
            && !in.atEnd());
      }
      options.put(name, value.toString());
    }
    List<Script.Event> events = new ArrayList<>();
    while (!in.atEnd()) {
      events.add(event());
    }
    return new Script(options, events);
  }

  private Script.Event event() {
    int line = in.peek().line();
    if (in.peek().kind() == Token.Kind.SHELL) {
      return new Script.Event(line, AT_ONCE, new Script.Shell(in.next().text()));
    }
    Script.Time time = time();
    line = in.peek().line();
    if (in.take('<')) {
      return new Script.Event(line, time, packets.packet(true));
    }
    if (in.take('>')) {
      return new Script.Event(line, time, packets.packet(false));
    }
    switch (in.peek().kind()) {
      case SHELL:
        return new Script.Event(line, time, new Script.Shell(in.next().text()));
      case CODE:
        return new Script.Event(line, time, new Script.Code(in.next().text()));
      case WORD:
        return new Script.Event(line, time, call());
      default:
        throw in.unexpected("a packet, a call, `shell` or %{ code }%");
    }
  }

  // ---- times

  private Script.Time time() {
    if (in.take('*')) {
      return new Script.Time(Script.TimeKind.ANY, 0, 0, -1);
    }
    boolean relative = in.take('+');
    if (!relative && !in.peek().isNumber()) {
      return AT_ONCE;
    }
    long at = micros();
    Script.TimeKind kind = relative ? Script.TimeKind.RELATIVE : Script.TimeKind.ABSOLUTE;
    if (in.take('~')) {
      in.take('+');
      return new Script.Time(kind, at, micros(), -1);
    }
    if (in.peek().kind() == Token.Kind.ELLIPSIS) {
      in.next();
      return new Script.Time(kind, at, at, micros());
    }
    return new Script.Time(kind, at, at, -1);
  }

  private long micros() {
    if (!in.peek().isNumber()) {
      throw in.unexpected("a time in seconds");
    }
    return Math.round(in.next().number() * US_PER_S);
  }

  // ---- calls

  private Script.Call call() {
    String name = in.word();
    in.expect('(');
    List<Expression> arguments = new ArrayList<>();
    while (!in.take(')')) {
      arguments.add(expression());
      if (!in.peek().is(')')) {
        in.expect(',');
      }
    }
    in.expect('=');
    Long result = null;
    if (in.peek().kind() == Token.Kind.ELLIPSIS) {
      in.next();
    } else if (in.peek().kind() == Token.Kind.WORD) {
      throw in.unsupported("result " + in.peek().shown());
    } else {
      result = in.integer();
    }
    String errno = in.peek().kind() == Token.Kind.WORD ? in.next().text() : null;
    if (in.take('(')) {
      while (!in.take(')')) {
        if (in.atEnd()) {
          throw in.unexpected("')'");
        }
        in.next();
      }
    }
    return new Script.Call(name, arguments, result, errno);
  }

  private Expression expression() {
    Token t = in.peek();
    switch (t.kind()) {
      case ELLIPSIS:
        in.next();
        return new Expression.Any();
      case INTEGER:
        return new Expression.Whole(in.integer());
      case STRING:
        return new Expression.Text(in.next().text());
      case WORD:
        return symbols();
      default:
        if (in.take('[')) {
          return items();
        }
        if (in.take('{')) {
          return struct();
        }
        throw in.unexpected("an argument");
    }
  }

  private Expression symbols() {
    List<String> names = new ArrayList<>();
    do {
      names.add(in.peek().kind() == Token.Kind.INTEGER ? in.next().text() : in.word());
    } while (in.take('|'));
    if (in.take('(')) {
      Expression inside = in.peek().is(')') ? new Expression.Any() : expression();
      in.expect(')');
      return inside;
    }
    return new Expression.Symbols(names);
  }

  private Expression items() {
    List<Expression> list = new ArrayList<>();
    while (!in.take(']')) {
      list.add(expression());
      if (!in.peek().is(']')) {
        in.expect(',');
      }
    }
    return new Expression.Items(list);
  }

  private Expression struct() {
    Map<String, Expression> members = new LinkedHashMap<>();
    while (!in.take('}')) {
      String name = memberName();
      members.put(name == null ? String.valueOf(members.size()) : name, expression());
      if (!in.peek().is('}')) {
        in.expect(',');
      }
    }
    return new Expression.Struct(members);
  }

  /** {@code name=} or {@code name(...)=} before a member's value; null if there is none. */
  private @Nullable String memberName() {
    if (in.peek().kind() != Token.Kind.WORD) {
      return null;
    }
    if (in.peek(1).is('=')) {
      String name = in.word();
      in.expect('=');
      return name;
    }
    if (in.peek(1).is('(') && in.peek(3).is(')') && in.peek(4).is('=')) {
      String name = in.word();
      in.expect('(');
      in.next();
      in.expect(')');
      in.expect('=');
      return name;
    }
    return null;
  }
}
