package dev.halfopen.packetdrill;

/**
 * One lexical element.
 *
 * @param text the word, the text inside quotes or brackets, or the character of a punctuation
 * @param number value of INTEGER and FLOAT
 */
record Token(Kind kind, String text, double number, int line) {
  enum Kind {
    WORD,
    INTEGER,
    FLOAT,
    STRING,
    SHELL,
    CODE,
    OPTION,
    ELLIPSIS,
    PUNCTUATION,
    END
  }

  boolean is(char c) {
    return kind == Kind.PUNCTUATION && text.charAt(0) == c;
  }

  boolean isWord(String w) {
    return kind == Kind.WORD && text.equals(w);
  }

  boolean isNumber() {
    return kind == Kind.INTEGER || kind == Kind.FLOAT;
  }

  String shown() {
    switch (kind) {
      case STRING:
        return '"' + text + '"';
      case SHELL:
        return '`' + text + '`';
      case CODE:
        return "%{ " + text + " }%";
      case END:
        return "the end of the script";
      default:
        return text;
    }
  }
}
