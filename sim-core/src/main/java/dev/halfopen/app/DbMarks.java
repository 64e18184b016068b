package dev.halfopen.app;

/**
 * What a message between a database and its driver says beyond its length: the mark of its last
 * byte.
 *
 * <pre>
 * bits 0-1  1 request, 2 response
 * bits 2-4  request: what is asked for; response: how it went
 * bit  5    request: it writes
 * </pre>
 */
final class DbMarks {
  /** The driver introduces itself: user, database, password. */
  static final int STARTUP = 0;

  static final int QUERY = 1;

  /** The empty query by which a driver asks whether the connection is alive. */
  static final int PING = 2;

  /** The driver is about to close. */
  static final int TERMINATE = 3;

  static final int OK = 0;

  /** FATAL 53300: sorry, too many clients already. */
  static final int TOO_MANY_CLIENTS = 1;

  /** ERROR 25006: cannot execute INSERT in a read-only transaction. */
  static final int READ_ONLY = 2;

  private static final int TYPE = 3;
  private static final int REQUEST = 1;
  private static final int RESPONSE = 2;
  private static final int SHIFT = 2;
  private static final int MASK = 7;
  private static final int WRITE = 1 << 5;

  private DbMarks() {}

  static int request(int what, boolean write) {
    return REQUEST | what << SHIFT | (write ? WRITE : 0);
  }

  static int response(int status) {
    return RESPONSE | status << SHIFT;
  }

  static boolean isRequest(int mark) {
    return (mark & TYPE) == REQUEST;
  }

  /** What a request asks for, or the status of a response. */
  static int what(int mark) {
    return mark >>> SHIFT & MASK;
  }

  static boolean isWrite(int mark) {
    return (mark & WRITE) != 0;
  }
}
