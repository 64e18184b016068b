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
}
