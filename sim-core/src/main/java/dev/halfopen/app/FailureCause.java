package dev.halfopen.app;

import dev.halfopen.tcp.Errno;

/** Why a request failed: the root cause, wherever it arose; the keys of {@code failures}. */
public enum FailureCause {
  /** Only between calls and in marks: nothing failed. */
  NONE("none"),
  EADDRNOTAVAIL("EADDRNOTAVAIL"),
  ECONNREFUSED("ECONNREFUSED"),
  ECONNRESET("ECONNRESET"),
  ETIMEDOUT("ETIMEDOUT"),
  EHOSTUNREACH("EHOSTUNREACH"),
  ENETUNREACH("ENETUNREACH"),
  EPIPE("EPIPE"),

  /** The proxy's connectTimeout, before the kernel gave up. */
  CONNECT_TIMEOUT("connectTimeout"),

  /** The proxy's readTimeout. */
  READ_TIMEOUT("readTimeout"),

  /** nginx: "upstream prematurely closed connection while reading response header". */
  PREMATURE_CLOSE("prematureClose"),
  POOL_TIMEOUT("poolTimeout"),

  /** The client gave up. */
  CLIENT_TIMEOUT("clientTimeout"),

  /** An upstream is down although it never failed in this run. */
  NO_LIVE_UPSTREAMS("noLiveUpstreams"),
  OTHER("other");

  private static final FailureCause[] ALL = values();

  private final String label;

  FailureCause(String label) {
    this.label = label;
  }

  /** The key in summary.json. */
  public String label() {
    return label;
  }

  public static int count() {
    return ALL.length;
  }

  static FailureCause of(int ordinal) {
    return ordinal >= 0 && ordinal < ALL.length ? ALL[ordinal] : OTHER;
  }

  static FailureCause ofErrno(int errno) {
    switch (errno) {
      case Errno.EADDRNOTAVAIL:
        return EADDRNOTAVAIL;
      case Errno.ECONNREFUSED:
        return ECONNREFUSED;
      case Errno.ECONNRESET:
        return ECONNRESET;
      case Errno.ETIMEDOUT:
        return ETIMEDOUT;
      case Errno.EHOSTUNREACH:
        return EHOSTUNREACH;
      case Errno.ENETUNREACH:
        return ENETUNREACH;
      case Errno.EPIPE:
        return EPIPE;
      default:
        return OTHER;
    }
  }
}
