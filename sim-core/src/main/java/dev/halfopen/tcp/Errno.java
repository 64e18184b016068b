package dev.halfopen.tcp;

/**
 * Linux error numbers, as socket calls return them (negated) and as a failed connection keeps them.
 */
public final class Errno {
  public static final int NONE = 0;
  public static final int EAGAIN = 11;
  public static final int EINVAL = 22;
  public static final int EPIPE = 32;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int EISCONN = 106;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EALREADY = 114;
  public static final int EINPROGRESS = 115;

  private Errno() {}

  /**
   * The symbolic name, "EADDRNOTAVAIL" for 99; "E" and the number where the model knows no name.
   */
  public static String name(int errno) {
    switch (errno) {
      case EAGAIN:
        return "EAGAIN";
      case EINVAL:
        return "EINVAL";
      case EPIPE:
        return "EPIPE";
      case EADDRINUSE:
        return "EADDRINUSE";
      case EADDRNOTAVAIL:
        return "EADDRNOTAVAIL";
      case ENETUNREACH:
        return "ENETUNREACH";
      case ECONNABORTED:
        return "ECONNABORTED";
      case ECONNRESET:
        return "ECONNRESET";
      case EISCONN:
        return "EISCONN";
      case ENOTCONN:
        return "ENOTCONN";
      case ETIMEDOUT:
        return "ETIMEDOUT";
      case ECONNREFUSED:
        return "ECONNREFUSED";
      case EHOSTUNREACH:
        return "EHOSTUNREACH";
      case EALREADY:
        return "EALREADY";
      case EINPROGRESS:
        return "EINPROGRESS";
      default:
        return "E" + errno;
    }
  }
}
