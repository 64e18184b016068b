package dev.halfopen.packetdrill;

import dev.halfopen.tcp.Errno;
import java.util.List;
import java.util.Map;

/** What symbols and arguments of system calls mean. */
final class Values {
  static final int EBADF = 9;
  static final int EFAULT = 14;
  static final int ENOPROTOOPT = 92;

  static final int O_NONBLOCK = 2048;
  static final int SOCK_NONBLOCK = 2048;
  static final int POLLIN = 1;
  static final int POLLOUT = 4;
  static final int POLLERR = 8;
  static final int POLLHUP = 16;
  static final int POLLRDHUP = 0x2000;

  private static final Map<String, Integer> SYMBOLS =
      Map.ofEntries(
          Map.entry("SOCK_STREAM", 1),
          Map.entry("SOCK_NONBLOCK", SOCK_NONBLOCK),
          Map.entry("O_RDONLY", 0),
          Map.entry("O_RDWR", 2),
          Map.entry("O_NONBLOCK", O_NONBLOCK),
          Map.entry("F_GETFL", 3),
          Map.entry("F_SETFL", 4),
          Map.entry("SHUT_RD", 0),
          Map.entry("SHUT_WR", 1),
          Map.entry("SHUT_RDWR", 2),
          Map.entry("POLLIN", POLLIN),
          Map.entry("POLLOUT", POLLOUT),
          Map.entry("POLLERR", POLLERR),
          Map.entry("POLLHUP", POLLHUP),
          Map.entry("POLLRDHUP", POLLRDHUP),
          Map.entry("MSG_DONTWAIT", 0x40),
          Map.entry("MSG_NOSIGNAL", 0x4000),
          Map.entry("MSG_EOR", 0x80),
          Map.entry("MSG_MORE", 0x8000),
          Map.entry("MSG_PEEK", 2),
          Map.entry("IP_PMTUDISC_DONT", 0),
          Map.entry("IP_PMTUDISC_WANT", 1),
          Map.entry("IP_PMTUDISC_DO", 2),
          Map.entry("IP_PMTUDISC_PROBE", 3));

  private static final Map<String, Integer> ERRORS =
      Map.of("EBADF", EBADF, "EFAULT", EFAULT, "ENOPROTOOPT", ENOPROTOOPT);

  private Values() {}

  /** The number of an errno's name, or -1. */
  static int errno(String name) {
    Integer known = ERRORS.get(name);
    if (known != null) {
      return known;
    }
    for (int e = 1; e < 134; e++) {
      if (Errno.name(e).equals(name)) {
        return e;
      }
    }
    return -1;
  }

  static String errnoName(int errno) {
    for (Map.Entry<String, Integer> e : ERRORS.entrySet()) {
      if (e.getValue() == errno) {
        return e.getKey();
      }
    }
    return Errno.name(errno);
  }

  /** A number, or symbols joined by bits; {@code ...} is 0. */
  static int number(int line, Expression e) {
    if (e instanceof Expression.Whole n) {
      return (int) n.value();
    }
    if (e instanceof Expression.Symbols s) {
      int value = 0;
      for (String name : s.names()) {
        value |= symbol(line, name);
      }
      return value;
    }
    if (e instanceof Expression.Items i && i.items().size() == 1) {
      return number(line, i.items().get(0));
    }
    if (e instanceof Expression.Any) {
      return 0;
    }
    throw new ScriptException.Failed(line, "a number was expected as argument");
  }

  private static int symbol(int line, String name) {
    Integer known = SYMBOLS.get(name);
    if (known == null && name.startsWith("E") && errno(name) > 0) {
      return errno(name);
    }
    if (known == null) {
      throw new ScriptException.Unsupported(line, "symbol " + name);
    }
    return known;
  }

  static boolean isSymbol(Expression e, String name) {
    return e instanceof Expression.Symbols s && s.names().contains(name);
  }

  static String symbolName(int line, Expression e) {
    if (e instanceof Expression.Symbols s && s.names().size() == 1) {
      return s.names().get(0);
    }
    throw new ScriptException.Failed(line, "a symbol was expected as argument");
  }

  /** Bytes of an iovec or of {@code msg_iov(n)=[{..., 40}, ...]}. */
  static int vectorBytes(int line, Expression e) {
    if (e instanceof Expression.Struct s) {
      Expression iov = s.members().get("msg_iov");
      return iov == null ? 0 : vectorBytes(line, iov);
    }
    int bytes = 0;
    if (e instanceof Expression.Items items) {
      for (Expression part : items.items()) {
        if (part instanceof Expression.Struct s) {
          List<Expression> members = List.copyOf(s.members().values());
          bytes += number(line, members.get(members.size() - 1));
        }
      }
    }
    return bytes;
  }
}
