package dev.halfopen.tcp;

import dev.halfopen.engine.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;

/**
 * Local ports that an application asks for itself: bind() and bind(0) of one host ({@code
 * inet_csk_get_port}, {@code inet_csk_find_open_port}, {@code inet_csk_bind_conflict}). Binding is
 * rare, so that it looks through the tables instead of keeping a bucket per port.
 */
final class PortBinder {
  private static final int PURPOSE = 23;

  private final Stack s;
  private final HostTcp host;

  /** Ports bound and not connected yet, with the options of each. */
  private final IntArrayList ports = new IntArrayList();

  private final List<SocketOptions> options = new ArrayList<>();
  private long draws;

  PortBinder(Stack s, HostTcp host) {
    this.s = s;
    this.host = host;
  }

  /** bind(port), or bind(0) where {@code port} is 0: the port, or -EADDRINUSE. */
  int bind(int port, SocketOptions o) {
    int chosen = port == 0 ? findOpen(o) : port;
    if (chosen < 0 || port != 0 && conflicts(port, o)) {
      return -Errno.EADDRINUSE;
    }
    ports.addInt(chosen);
    options.add(o);
    return chosen;
  }

  /** The socket that was bound has connected or is closed: its connection holds the port now. */
  void release(int port) {
    int i = ports.indexOf(port);
    if (i >= 0) {
      ports.removeAt(i);
      options.remove(i);
    }
  }

  /** Nothing is bound any more. */
  void clear() {
    ports.clear();
    options.clear();
  }

  boolean isBound(int port) {
    return ports.size() != 0 && ports.containsInt(port);
  }

  /**
   * The parity that connect() leaves for last comes first, each parity from a random place; with
   * SO_REUSEADDR the lower half of the range goes first.
   */
  private int findOpen(SocketOptions o) {
    int low = host.portFirst;
    int high = host.portLast + 1;
    int half = low + ((high - low >> 2) << 1);
    if (o.reuseAddress && high - low >= 4) {
      int port = findOpen(low, half, o);
      return port > 0 ? port : findOpen(half, high, o);
    }
    return findOpen(low, high, o);
  }

  private int findOpen(int low, int high, SocketOptions o) {
    int remaining = high - low;
    if (remaining > 1) {
      remaining &= ~1;
    }
    long bits = RandomStreams.bits(host.host().seed(), host.host().id(), PURPOSE, draws++);
    int offset = RandomStreams.below(bits, remaining) | 1;
    for (int parity = 0; parity < 2; parity++) {
      int port = low + offset;
      for (int i = 0; i < remaining; i += 2, port += 2) {
        if (port >= high) {
          port -= remaining;
        }
        if (!conflicts(port, o)) {
          return port;
        }
      }
      offset--;
    }
    return -1;
  }

  /** Another socket holds the port and not both have SO_REUSEADDR, or it listens. */
  private boolean conflicts(int port, SocketOptions o) {
    if (host.isBound(port)) {
      return !(o.reusePort && host.listenersShare(port));
    }
    int i = ports.indexOf(port);
    if (i >= 0 && !(o.reuseAddress && options.get(i).reuseAddress)) {
      return true;
    }
    return !o.reuseAddress && isUsed(port) || o.reuseAddress && isUsedWithoutReuse(port);
  }

  private boolean isUsed(int port) {
    return connectionHolds(port, false) || timeWaitHolds(port, false);
  }

  private boolean isUsedWithoutReuse(int port) {
    return connectionHolds(port, true) || timeWaitHolds(port, true);
  }

  private boolean connectionHolds(int port, boolean onlyWithoutReuse) {
    for (int row = 1; row <= s.tcb.highWater(); row++) {
      s.tcb.move(row);
      if (s.tcb.state() != State.CLOSED
          && s.tcb.ports() >>> 16 == port
          && host.host().owns(s.tcb.local())
          && !(onlyWithoutReuse && s.contracts.of(s.tcb.contract()).options.reuseAddress)) {
        return true;
      }
    }
    return false;
  }

  private boolean timeWaitHolds(int port, boolean onlyWithoutReuse) {
    for (int row = 1; row <= s.tw.highWater(); row++) {
      s.tw.move(row);
      if (s.tw.isLive()
          && s.tw.ports() >>> 16 == port
          && host.host().owns(s.tw.local())
          && !(onlyWithoutReuse && s.tw.reuseAddress())) {
        return true;
      }
    }
    return false;
  }
}
