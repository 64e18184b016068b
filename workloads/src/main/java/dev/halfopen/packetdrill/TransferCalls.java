package dev.halfopen.packetdrill;

import dev.halfopen.tcp.Errno;
import java.util.Map;

/** read, write and their kin, and poll. */
final class TransferCalls {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private final VirtualHost host;
  private final Descriptors descriptors;

  TransferCalls(VirtualHost host, Descriptors descriptors) {
    this.host = host;
    this.descriptors = descriptors;
  }

  Calls.Attempt attempt(int line, Descriptor d, Script.Call call) {
    switch (call.name()) {
      case "read":
        return read(line, d, call, 0);
      case "recv":
      case "recvfrom":
        return read(line, d, call, Calls.number(line, call, 3));
      case "write":
        return write(line, d, call, 0);
      case "send":
      case "sendto":
        return write(line, d, call, Calls.number(line, call, 3));
      case "writev":
        return writeBytes(line, d, Values.vectorBytes(line, Calls.argument(line, call, 1)), 0);
      case "readv":
        return readBytes(d, Values.vectorBytes(line, Calls.argument(line, call, 1)), false);
      case "sendmsg":
        return writeBytes(
            line,
            d,
            Values.vectorBytes(line, Calls.argument(line, call, 1)),
            Calls.number(line, call, 2));
      default:
        throw new ScriptException.Unsupported(line, "system call " + call.name());
    }
  }

  private static boolean badBuffer(int line, Script.Call call) {
    return Values.isSymbol(Calls.argument(line, call, 1), "NULL");
  }

  // ---- reading

  private Calls.Attempt read(int line, Descriptor d, Script.Call call, int flags) {
    if ((flags & ~MSG_DONTWAIT) != 0) {
      throw new ScriptException.Unsupported(line, "flags of " + call.name());
    }
    int most = Calls.number(line, call, 2);
    boolean bad = badBuffer(line, call);
    Calls.Attempt plain = readBytes(d, most, (flags & MSG_DONTWAIT) != 0);
    return () -> {
      if (bad && descriptors.isLive(d) && host.control().unread(d.socket) > 0) {
        return -Values.EFAULT;
      }
      return plain.go();
    };
  }

  private Calls.Attempt readBytes(Descriptor d, int most, boolean dontWait) {
    return () -> {
      if (d.state == Descriptor.State.FRESH || d.state == Descriptor.State.LISTENING) {
        return -Errno.ENOTCONN;
      }
      if (!descriptors.isLive(d)) {
        return readLeft(d, most);
      }
      long n =
          d.state == Descriptor.State.CONNECTING
              ? -Errno.EAGAIN
              : host.control().receive(d.socket, most);
      return n == -Errno.EAGAIN && !d.nonBlocking && !dontWait ? Calls.WAITS : n;
    };
  }

  /** What was unread when the connection ended, then the error, then end of stream. */
  private static long readLeft(Descriptor d, int most) {
    int n = Math.min(most, d.leftUnread);
    d.leftUnread -= n;
    if (n > 0) {
      return n;
    }
    int error = d.takeError();
    return error != 0 ? -error : 0;
  }

  // ---- writing

  private Calls.Attempt write(int line, Descriptor d, Script.Call call, int flags) {
    if (badBuffer(line, call)) {
      return () -> -Values.EFAULT;
    }
    return writeBytes(line, d, Calls.number(line, call, 2), flags);
  }

  private Calls.Attempt writeBytes(int line, Descriptor d, int bytes, int flags) {
    if ((flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL)) != 0) {
      throw new ScriptException.Unsupported(line, "MSG_MORE, MSG_EOR and other flags of send");
    }
    return () -> {
      if (!descriptors.isLive(d)) {
        int error = d.takeError();
        return error != 0 ? -error : -Errno.EPIPE;
      }
      if (d.state == Descriptor.State.CONNECTING) {
        return d.nonBlocking || (flags & MSG_DONTWAIT) != 0 ? -Errno.EAGAIN : Calls.WAITS;
      }
      return bytes == 0 ? 0 : host.sockets().send(d.socket, bytes, 0);
    };
  }

  // ---- poll

  /** {@code poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 0) = 1}: only without waiting. */
  long poll(int line, Script.Call call) {
    int ready = 0;
    if (!(Calls.argument(line, call, 0) instanceof Expression.Items items)) {
      throw new ScriptException.Failed(line, "poll() needs a list");
    }
    for (Expression e : items.items()) {
      if (!(e instanceof Expression.Struct s)) {
        throw new ScriptException.Failed(line, "poll() needs {fd=, events=, revents=}");
      }
      Map<String, Expression> m = s.members();
      int wanted = member(line, m, "events");
      int expected = member(line, m, "revents");
      Descriptor d = descriptors.find(member(line, m, "fd"));
      int got = d == null ? 0 : events(d) & (wanted | Values.POLLERR | Values.POLLHUP);
      if (got != expected) {
        throw new ScriptException.Failed(
            line, "poll: revents expected " + expected + ", got " + got);
      }
      ready += got != 0 ? 1 : 0;
    }
    return ready;
  }

  private static int member(int line, Map<String, Expression> m, String name) {
    Expression e = m.get(name);
    return e == null ? 0 : Values.number(line, e);
  }

  /** {@code tcp_poll}. */
  private int events(Descriptor d) {
    if (d.state == Descriptor.State.LISTENING) {
      return host.control().acceptable(d.listener) > 0 ? Values.POLLIN : 0;
    }
    if (!descriptors.isLive(d)) {
      int bits = Values.POLLIN | Values.POLLOUT | Values.POLLHUP | Values.POLLRDHUP;
      return d.error != 0 ? bits | Values.POLLERR : bits;
    }
    if (d.state == Descriptor.State.CONNECTING) {
      return 0;
    }
    boolean end = host.control().endOfStream(d.socket);
    boolean sendEnd = host.control().sendShutdown(d.socket);
    int bits = Values.POLLOUT;
    if (end || host.control().unread(d.socket) > 0) {
      bits |= Values.POLLIN;
    }
    if (end) {
      bits |= Values.POLLRDHUP;
    }
    return end && sendEnd ? bits | Values.POLLHUP : bits;
  }
}
