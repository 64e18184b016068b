package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/** The exchange of a {@link ChurnClient} with a {@link ChurnServer}: ten packets a connection. */
public final class ChurnConfig {
  public int serverAddress;
  public int serverPort = 80;
  public int listenBacklog = 4096;

  /** {@code rateCount} connections per {@code ratePerNs}. */
  public long rateCount = 1000;

  public long ratePerNs = ClientFarmConfig.SECOND_NS;
  public boolean poisson;
  public long fromNs;
  public long untilNs = Long.MAX_VALUE;
  public long connectionsMax = Long.MAX_VALUE;
  public int requestBytes = 200;
  public int responseBytes = 1000;
  public SocketOptions clientOptions = SocketOptions.DEFAULT;
  public SocketOptions serverOptions = SocketOptions.DEFAULT;
}
