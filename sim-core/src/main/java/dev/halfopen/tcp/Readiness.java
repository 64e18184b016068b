package dev.halfopen.tcp;

import dev.halfopen.net.Host;

/**
 * Where the stack says that a socket became ready; the event loop drains it at the same instant.
 */
public interface Readiness {
  void post(Host host, long socket, int handle, int bits, int mark, int errno);
}
