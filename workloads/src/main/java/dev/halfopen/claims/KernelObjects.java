package dev.halfopen.claims;

/**
 * What sockets take in the memory of a 6.18 kernel, from its slab caches (oracle O10): {@code
 * request_sock_TCP}, {@code tw_sock_TCP}, and {@code TCP} with inode, file, dentry and the security
 * module's part.
 */
final class KernelObjects {
  static final int REQUEST_BYTES = 320;
  static final int TIME_WAIT_BYTES = 256;
  static final int SOCKET_BYTES = 3640;

  private KernelObjects() {}

  /** The bill of all connections of a machine. */
  static long bill(Machine m) {
    long requests = m.halfOpen();
    long timeWaits = m.timeWaits();
    long sockets = m.allSockets() - requests - timeWaits;
    return requests * REQUEST_BYTES + timeWaits * TIME_WAIT_BYTES + sockets * SOCKET_BYTES;
  }
}
