package dev.halfopen.app;

/**
 * What an HTTP message says beyond its length: the 32-bit mark that its last byte carries. The only
 * way in which applications on different hosts know of each other.
 *
 * <pre>
 * bits 0-1    1 request, 2 response (so that a mark is never 0)
 * bit  2      request: POST, not to be repeated once sent
 * bit  3      request: "Connection: close" (the server closes first); response: the sender will close
 * request     bits 8-31: wanted size of the response, 0: the server decides
 * response    bits 8-17: status; bits 24-31: root cause of a failure ({@link FailureCause})
 * </pre>
 *
 * A size below 2^23 is exact, a larger one is rounded up to whole 4 KiB.
 */
public final class HttpMarks {
  private static final int TYPE = 3;
  private static final int REQUEST = 1;
  private static final int RESPONSE = 2;
  private static final int POST = 1 << 2;
  private static final int CLOSE = 1 << 3;
  private static final int SIZE_SHIFT = 8;
  private static final int SIZE_EXACT_BITS = 23;
  private static final int SIZE_COARSE = 1 << SIZE_EXACT_BITS;
  private static final int COARSE_SHIFT = 12;
  private static final int STATUS_SHIFT = 8;
  private static final int STATUS_MASK = 0x3FF;
  private static final int CAUSE_SHIFT = 24;

  public static final int OK = 200;
  public static final int INTERNAL_ERROR = 500;
  public static final int BAD_GATEWAY = 502;
  public static final int GATEWAY_TIMEOUT = 504;

  private HttpMarks() {}

  /**
   * The mark of a request.
   *
   * @param responseBytes wanted size, 0: the server decides
   */
  public static int request(boolean post, boolean close, int responseBytes) {
    return REQUEST
        | (post ? POST : 0)
        | (close ? CLOSE : 0)
        | sizeCode(responseBytes) << SIZE_SHIFT;
  }

  public static int response(int status, FailureCause cause, boolean close) {
    return RESPONSE
        | (close ? CLOSE : 0)
        | (status << STATUS_SHIFT)
        | (cause.index() << CAUSE_SHIFT);
  }

  /** The same message, but with or without "Connection: close". */
  public static int withClose(int mark, boolean close) {
    return close ? mark | CLOSE : mark & ~CLOSE;
  }

  public static boolean isRequest(int mark) {
    return (mark & TYPE) == REQUEST;
  }

  public static boolean isResponse(int mark) {
    return (mark & TYPE) == RESPONSE;
  }

  public static boolean isPost(int mark) {
    return (mark & POST) != 0;
  }

  public static boolean isClose(int mark) {
    return (mark & CLOSE) != 0;
  }

  /** Bytes wanted in the response; 0: the server decides. */
  public static int responseBytes(int mark) {
    int code = mark >>> SIZE_SHIFT;
    if ((code & SIZE_COARSE) == 0) {
      return code;
    }
    long bytes = (long) (code & (SIZE_COARSE - 1)) << COARSE_SHIFT;
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  public static int status(int mark) {
    return (mark >>> STATUS_SHIFT) & STATUS_MASK;
  }

  public static FailureCause cause(int mark) {
    return FailureCause.of(mark >>> CAUSE_SHIFT);
  }

  private static int sizeCode(int bytes) {
    if (bytes < SIZE_COARSE) {
      return bytes;
    }
    long units = ((long) bytes + (1 << COARSE_SHIFT) - 1) >>> COARSE_SHIFT;
    return SIZE_COARSE | (int) units;
  }
}
