package dev.halfopen.packetdrill;

import java.util.List;
import java.util.Map;

/** An argument of a system call, as written. */
sealed interface Expression {
  /** {@code ...}: packetdrill chooses. */
  record Any() implements Expression {}

  record Whole(long value) implements Expression {}

  record Text(String value) implements Expression {}

  /** A symbol, or several joined by {@code |}. */
  record Symbols(List<String> names) implements Expression {}

  /** {@code [a, b]}. */
  record Items(List<Expression> items) implements Expression {}

  /** {@code {a=1, b=2}} or {@code {..., 40}}; members without a name are numbered from 0. */
  record Struct(Map<String, Expression> members) implements Expression {}
}
