package dev.halfopen.packetdrill;

import java.util.List;

/** The tokens of a script, read one by one. */
final class TokenReader {
  private final List<Token> tokens;
  private int at;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token t = tokens.get(at);
    if (t.kind() != Token.Kind.END) {
      at++;
    }
    return t;
  }

  boolean atEnd() {
    return peek().kind() == Token.Kind.END;
  }

  boolean take(char c) {
    if (peek().is(c)) {
      at++;
      return true;
    }
    return false;
  }

  boolean takeWord(String word) {
    if (peek().isWord(word)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) {
    if (!take(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  void expectWord(String word) {
    if (!takeWord(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  long integer() {
    if (peek().kind() == Token.Kind.WORD) {
      throw unsupported("undefined word " + peek().text());
    }
    if (peek().kind() != Token.Kind.INTEGER) {
      throw unexpected("a number");
    }
    return (long) next().number();
  }

  String word() {
    if (peek().kind() != Token.Kind.WORD) {
      throw unexpected("a word");
    }
    return next().text();
  }

  ScriptException unexpected(String wanted) {
    Token t = peek();
    return new ScriptException.Failed(
        t.line(), "syntax: expected " + wanted + ", found " + t.shown());
  }

  ScriptException unsupported(String what) {
    return new ScriptException.Unsupported(peek().line(), what);
  }
}
