package dev.halfopen.tcp;

import org.agrona.collections.IntHashSet;

/**
 * What a host remembers of its peers after a connection has ended ({@code tcp_update_metrics}):
 * here only whether it has ever measured a round trip, which makes the peer proven ({@code
 * tcp_peer_is_proven}). Kept only where it matters, which is with cookies off.
 */
final class Metrics {
  private static final long SECOND_NS = 1_000_000_000L;

  /** TCP_PAWS_MSL and TCP_PAWS_WINDOW. */
  private static final int PAWS_MSL_SECONDS = 60;

  private static final int PAWS_WINDOW = 1;

  private final Stack s;
  private final Connections tcb;

  Metrics(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
  }

  /** The connection under the cursor has ended well: remembers its peer. */
  void remember() {
    if (s.host.remembersPeers && tcb.srtt() != 0) {
      s.host.proven.add(tcb.remote());
    }
  }

  /** {@code tcp_remember_stamp}, with tcp_tw_recycle: the last timestamp of this peer's address. */
  void rememberStamp() {
    int remote = tcb.remote();
    long seconds = s.nowNs / SECOND_NS;
    s.host.stamps.put(remote, (long) tcb.tsRecent() << 32 | seconds);
  }

  /**
   * {@code tcp_peer_is_proven} with PAWS, before 4.12: a SYN whose timestamp is older than the last
   * one of the same address, within TCP_PAWS_MSL. Several machines behind one address look like
   * that.
   */
  boolean isStale(int remote, int tsValue) {
    long stamp = s.host.stamps.get(remote);
    if (stamp == HostTcp.NO_STAMP) {
      return false;
    }
    long age = s.nowNs / SECOND_NS - (int) stamp;
    return age < PAWS_MSL_SECONDS && (int) (stamp >>> 32) - tsValue > PAWS_WINDOW;
  }

  boolean isProven(int remote) {
    IntHashSet proven = s.host.proven;
    return !proven.isEmpty() && proven.contains(remote);
  }
}
