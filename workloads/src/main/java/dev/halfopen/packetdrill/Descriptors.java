package dev.halfopen.packetdrill;

import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Sockets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The script's file descriptors, kept up to date by what the stack posts. */
final class Descriptors implements VirtualHost.Listener {
  private static final int FIN_WAIT_2 = 5;

  private final Map<Integer, Descriptor> byNumber = new HashMap<>();
  private @Nullable Descriptor current;
  private @Nullable Descriptor accepting;
  private @Nullable VirtualHost host;

  void host(VirtualHost h) {
    host = h;
  }

  Descriptor open(int number) {
    Descriptor d = new Descriptor(number);
    byNumber.put(number, d);
    return d;
  }

  /** accept() into a new descriptor; a connection that ended in the queue fails meanwhile. */
  long accept(Descriptor child, int listener) {
    VirtualHost h = host;
    if (h == null) {
      return -Errno.EINVAL;
    }
    accepting = child;
    long socket = h.sockets().accept(listener, child.number);
    accepting = null;
    if (socket >= 0) {
      byNumber.put(child.number, child);
    }
    return socket;
  }

  @Nullable Descriptor find(int number) {
    return byNumber.get(number);
  }

  void forget(Descriptor d) {
    byNumber.remove(d.number);
  }

  /** The socket that %{ }% looks at: the last that was connected or accepted. */
  @Nullable Descriptor current() {
    return current;
  }

  void current(Descriptor d) {
    current = d;
  }

  @Override
  public void ready(long socket, int handle, int bits, int errno) {
    VirtualHost h = host;
    Descriptor a = accepting;
    if (a != null && (bits & Sockets.FAILED) != 0) {
      a.error = errno;
      a.state = Descriptor.State.GONE;
      return;
    }
    Descriptor d = byNumber.get(handle);
    if (d == null || h == null || d.socket != socket) {
      return;
    }
    if ((bits & Sockets.CONNECTED) != 0) {
      d.state = Descriptor.State.OPEN;
    }
    if ((bits & (Sockets.END_OF_STREAM | Sockets.FAILED)) != 0) {
      h.control().info(socket, d.lastInfo);
      int unread = h.control().unread(socket);
      boolean finCounted =
          (bits & Sockets.END_OF_STREAM) != 0 && d.lastInfo.state == FIN_WAIT_2 && unread > 0;
      d.leftUnread = Math.max(0, finCounted ? unread - 1 : unread);
    }
    if ((bits & Sockets.FAILED) != 0) {
      d.error = errno == 0 ? Errno.ECONNRESET : errno;
      d.state = Descriptor.State.GONE;
    }
  }

  /** Whether the stack still has the connection; if not, the descriptor learns it here. */
  boolean isLive(Descriptor d) {
    VirtualHost h = host;
    if (d.state == Descriptor.State.OPEN && h != null && !h.control().hasConnection(d.socket)) {
      d.state = Descriptor.State.GONE;
    }
    return d.state == Descriptor.State.OPEN || d.state == Descriptor.State.CONNECTING;
  }
}
