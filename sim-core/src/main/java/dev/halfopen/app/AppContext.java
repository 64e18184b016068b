package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.Sockets;

/** What the world gives an application: its host, its sockets, its timers, its random numbers. */
public interface AppContext {
  Host host();

  Sockets sockets();

  SocketControl control();

  /** Puts a segment on the wire that no socket sent; its source address may be anybody's. */
  void sendRaw(Segment segment);

  void timerAt(long timeNs, int kind, long argument);

  /** The run's seed; use with the host's id, a purpose and a counter in RandomStreams. */
  long seed();

  /**
   * Who draws, for RandomStreams: the host's id, and another number for each further application of
   * the host, so that two applications never share random numbers.
   */
  int randomNode();

  MemoryBudget memory();
}
