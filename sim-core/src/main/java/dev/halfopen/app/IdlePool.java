package dev.halfopen.app;

/**
 * Idle upstream connections, as nginx's {@code keepalive} directive keeps them: at most so many
 * over all upstreams; the one used last is taken first, the one idle longest makes room.
 */
final class IdlePool {
  private final int capacity;
  private final RowList all;
  private final RowList[] byPeer;
  private int peak;

  IdlePool(UpstreamConnections connections, int capacity, int peers) {
    this.capacity = capacity;
    all = new RowList(connections, UpstreamConnections.NEXT, UpstreamConnections.PREVIOUS);
    byPeer = new RowList[peers];
    for (int i = 0; i < peers; i++) {
      byPeer[i] =
          new RowList(
              connections, UpstreamConnections.PEER_NEXT, UpstreamConnections.PEER_PREVIOUS);
    }
  }

  /** Forgets all connections, which their table has forgotten. */
  void clear() {
    all.clear();
    for (RowList list : byPeer) {
      list.clear();
    }
  }

  boolean isFull() {
    return all.size() >= capacity;
  }

  int size() {
    return all.size();
  }

  int peak() {
    return peak;
  }

  /** The connection that has been idle longest, or 0. */
  int oldest() {
    return all.oldest();
  }

  /** Takes the connection to {@code peer} that was used last, or 0. */
  int take(int peer) {
    int row = byPeer[peer].newest();
    if (row != TicketTable.NO_ROW) {
      remove(row, peer);
    }
    return row;
  }

  /** There must be room. */
  void add(int row, int peer) {
    all.add(row);
    byPeer[peer].add(row);
    peak = Math.max(peak, all.size());
  }

  void remove(int row, int peer) {
    all.remove(row);
    byPeer[peer].remove(row);
  }
}
