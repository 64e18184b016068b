package dev.halfopen.packetdrill;

import java.util.ArrayList;
import java.util.List;

/** Cuts a script into tokens; white space and comments separate them and are dropped. */
final class Lexer {
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    while (lexer.skipBlank()) {
      lexer.token();
    }
    lexer.add(Token.Kind.END, "", 0);
    return lexer.tokens;
  }

  private void add(Token.Kind kind, String s, double number) {
    tokens.add(new Token(kind, s, number, line));
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private boolean startsWith(String s) {
    return text.startsWith(s, at);
  }

  /** False at the end of the script. */
  private boolean skipBlank() {
    while (at < text.length()) {
      char c = peek(0);
      if (c == '\n') {
        line++;
        at++;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        at++;
      } else if (startsWith("//")) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (startsWith("/*")) {
        enclosed("/*", "*/");
      } else {
        return true;
      }
    }
    return false;
  }

  private void token() {
    char c = peek(0);
    if (startsWith("...")) {
      at += 3;
      add(Token.Kind.ELLIPSIS, "...", 0);
    } else if (startsWith("%{")) {
      int start = line;
      String code = enclosed("%{", "}%");
      tokens.add(new Token(Token.Kind.CODE, code.strip(), 0, start));
    } else if (c == '`') {
      int start = line;
      String shell = enclosed("`", "`");
      tokens.add(new Token(Token.Kind.SHELL, shell, 0, start));
    } else if (c == '"') {
      add(Token.Kind.STRING, enclosed("\"", "\""), 0);
    } else if (startsWith("--") && isWordCharacter(peek(2))) {
      at += 2;
      add(Token.Kind.OPTION, word(), 0);
    } else if (isDigit(c) || c == '.' && isDigit(peek(1)) || isNegative()) {
      number();
    } else if (isWordCharacter(c)) {
      add(Token.Kind.WORD, word(), 0);
    } else {
      at++;
      add(Token.Kind.PUNCTUATION, String.valueOf(c), 0);
    }
  }

  private boolean isNegative() {
    return peek(0) == '-' && (isDigit(peek(1)) || peek(1) == '.' && isDigit(peek(2)));
  }

  /** The text between two delimiters; the lines in it are counted. */
  private String enclosed(String open, String close) {
    int start = line;
    int from = at + open.length();
    int end = text.indexOf(close, from);
    if (end < 0) {
      throw new ScriptException.Failed(start, "'" + open + "' without '" + close + "'");
    }
    String inside = text.substring(from, end);
    line += (int) inside.chars().filter(ch -> ch == '\n').count();
    at = end + close.length();
    return inside;
  }

  private String word() {
    int from = at;
    while (isWordCharacter(peek(0))) {
      at++;
    }
    return text.substring(from, at);
  }

  private void number() {
    int from = at;
    if (startsWith("0x") || startsWith("0X")) {
      at += 2;
      String digits = word();
      add(Token.Kind.INTEGER, "0x" + digits, (double) Long.parseUnsignedLong(digits, 16));
      return;
    }
    if (peek(0) == '-') {
      at++;
    }
    digits();
    if (peek(0) == '.' && isDigit(peek(1))) {
      at++;
      digits();
      String s = text.substring(from, at);
      add(Token.Kind.FLOAT, s, Double.parseDouble(s));
      return;
    }
    if (isWordCharacter(peek(0)) && text.charAt(from) != '-') {
      at = from;
      add(Token.Kind.WORD, word(), 0);
      return;
    }
    String s = text.substring(from, at);
    add(Token.Kind.INTEGER, s, Double.parseDouble(s));
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordCharacter(char c) {
    return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }
}
