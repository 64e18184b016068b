package dev.halfopen.tcp;

/**
 * Socket options that a connection is made with; made once by an application and shared by all its
 * sockets (the stack interns them). Zero means: as the sysctl says.
 */
public final class SocketOptions {
  public static final SocketOptions DEFAULT = new SocketOptions();

  public boolean keepalive;
  public int keepIdleSeconds;
  public int keepIntervalSeconds;
  public int keepCount;
  public int userTimeoutMs;
  public int synCount;
  public boolean lingerOn;
  public int lingerSeconds;
  public int linger2Seconds;
  public int deferAcceptSeconds;
  public boolean noDelay;
  public boolean reuseAddress;
  public boolean reusePort;
  public int maxSegment;
  public int receiveBufferBytes;
  public int sendBufferBytes;

  /** A copy that can be changed without changing the sockets that share this one. */
  public SocketOptions copy() {
    SocketOptions o = new SocketOptions();
    o.keepalive = keepalive;
    o.keepIdleSeconds = keepIdleSeconds;
    o.keepIntervalSeconds = keepIntervalSeconds;
    o.keepCount = keepCount;
    o.userTimeoutMs = userTimeoutMs;
    o.synCount = synCount;
    o.lingerOn = lingerOn;
    o.lingerSeconds = lingerSeconds;
    o.linger2Seconds = linger2Seconds;
    o.deferAcceptSeconds = deferAcceptSeconds;
    o.noDelay = noDelay;
    o.reuseAddress = reuseAddress;
    o.reusePort = reusePort;
    o.maxSegment = maxSegment;
    o.receiveBufferBytes = receiveBufferBytes;
    o.sendBufferBytes = sendBufferBytes;
    return o;
  }
}
