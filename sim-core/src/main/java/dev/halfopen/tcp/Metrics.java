package dev.halfopen.tcp;

import org.agrona.collections.IntHashSet;

/**
 * What a host remembers of its peers after a connection has ended ({@code tcp_update_metrics}):
 * here only whether it has ever measured a round trip, which makes the peer proven ({@code
 * tcp_peer_is_proven}). Kept only where it matters, which is with cookies off.
 */
final class Metrics {
  private final Stack s;

  Metrics(Stack s) {
    this.s = s;
  }

  /** The connection under the cursor has ended well: remembers its peer. */
  void remember() {
    if (s.host.remembersPeers && s.tcb.srtt() != 0) {
      s.host.proven.add(s.tcb.remote());
    }
  }

  boolean isProven(int remote) {
    IntHashSet proven = s.host.proven;
    return !proven.isEmpty() && proven.contains(remote);
  }
}
