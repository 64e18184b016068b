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

  /** The driver's socketTimeout, or the pool's validationTimeout. */
  SOCKET_TIMEOUT("socketTimeout"),

  /** PostgreSQL 53300: no slot of max_connections is free. */
  TOO_MANY_CLIENTS("tooManyClients"),

  /** PostgreSQL 25006: a standby refuses to write. */
  READ_ONLY("readOnly"),

  /** The name could not be resolved. */
  UNKNOWN_HOST("unknownHost"),

  /** nginx: "worker_connections are not enough". */
  WORKER_CONNECTIONS("workerConnections"),

  /** socket() found no file descriptor left. */
  EMFILE("EMFILE"),

  /** The client gave up. */
  CLIENT_TIMEOUT("clientTimeout"),

  /** An upstream is down although it never failed in this run. */
  NO_LIVE_UPSTREAMS("noLiveUpstreams"),

  /** All connections that a load holds were busy when a request was due. */
  NO_IDLE_CONNECTION("noIdleConnection"),
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

  /** Its place in counter arrays and in marks. */
  @SuppressWarnings("EnumOrdinal") // never stored beyond a run
  int index() {
    return ordinal();
  }

  public static int count() {
    return ALL.length;
  }

  static FailureCause of(int index) {
    return index >= 0 && index < ALL.length ? ALL[index] : OTHER;
  }

  static FailureCause ofErrno(int errno) {
    return switch (errno) {
      case Errno.EADDRNOTAVAIL -> EADDRNOTAVAIL;
      case Errno.ECONNREFUSED -> ECONNREFUSED;
      case Errno.ECONNRESET -> ECONNRESET;
      case Errno.ETIMEDOUT -> ETIMEDOUT;
      case Errno.EHOSTUNREACH -> EHOSTUNREACH;
      case Errno.ENETUNREACH -> ENETUNREACH;
      case Errno.EPIPE -> EPIPE;
      default -> OTHER;
    };
  }
}
