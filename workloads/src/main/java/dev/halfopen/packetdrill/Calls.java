package dev.halfopen.packetdrill;

import dev.halfopen.tcp.Errno;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** System calls of a script as calls of the stack. */
final class Calls {
  /** Returned by an attempt that has to wait. */
  static final long WAITS = Long.MIN_VALUE;

  private static final Set<String> KNOWN =
      Set.of(
          "bind",
          "listen",
          "accept",
          "connect",
          "close",
          "shutdown",
          "fcntl",
          "setsockopt",
          "getsockopt",
          "ioctl",
          "read",
          "readv",
          "recv",
          "recvfrom",
          "write",
          "writev",
          "send",
          "sendto",
          "sendmsg");

  /** One try of a call; a blocking call is tried again whenever something has happened. */
  interface Attempt {
    long go();
  }

  private final VirtualHost host;
  private final Descriptors descriptors;
  private final Connection connection;
  private final OptionCalls options;
  private final TransferCalls transfers;

  Calls(VirtualHost host, Descriptors descriptors, Connection connection) {
    this.host = host;
    this.descriptors = descriptors;
    this.connection = connection;
    this.options = new OptionCalls(host, descriptors);
    this.transfers = new TransferCalls(host, descriptors);
  }

  /**
   * What the call does, ready to be tried. A call that never waits has been made already when this
   * returns.
   */
  Attempt attempt(int line, Script.Call call) {
    if (call.name().equals("socket")) {
      return once(socket(line, call));
    }
    if (call.name().equals("poll")) {
      return once(transfers.poll(line, call));
    }
    if (!KNOWN.contains(call.name())) {
      throw new ScriptException.Unsupported(line, "system call " + call.name());
    }
    Descriptor d = descriptor(line, call);
    if (d == null) {
      return once(-Values.EBADF);
    }
    switch (call.name()) {
      case "bind":
        return once(bind(d));
      case "listen":
        return once(listen(d, number(line, call, 1)));
      case "accept":
        return () -> accept(d, call);
      case "connect":
        return connect(d);
      case "close":
        return once(close(d));
      case "shutdown":
        return once(shutdown(d, number(line, call, 1)));
      case "fcntl":
        return once(fcntl(line, d, call));
      case "setsockopt":
        return once(options.set(line, d, call));
      case "getsockopt":
        return once(options.get(line, d, call));
      case "ioctl":
        return once(options.ioctl(line, d, call));
      default:
        return transfers.attempt(line, d, call);
    }
  }

  private static Attempt once(long result) {
    return () -> result;
  }

  private @Nullable Descriptor descriptor(int line, Script.Call call) {
    return descriptors.find(number(line, call, 0));
  }

  static int number(int line, Script.Call call, int index) {
    return Values.number(line, argument(line, call, index));
  }

  static Expression argument(int line, Script.Call call, int index) {
    List<Expression> a = call.arguments();
    if (index >= a.size()) {
      throw new ScriptException.Failed(line, call.name() + "() needs more arguments");
    }
    return a.get(index);
  }

  private long socket(int line, Script.Call call) {
    Long wanted = call.result();
    if (wanted == null || wanted < 0 || call.arguments().size() < 3) {
      throw new ScriptException.Unsupported(line, "socket() that fails");
    }
    boolean tcp =
        Values.isSymbol(argument(line, call, 2), "IPPROTO_TCP")
            || argument(line, call, 2) instanceof Expression.Whole n && n.value() == 0;
    if (!tcp) {
      throw new ScriptException.Unsupported(line, "sockets other than TCP");
    }
    int type = number(line, call, 1);
    Descriptor d = descriptors.open(wanted.intValue());
    d.nonBlocking = (type & Values.SOCK_NONBLOCK) != 0;
    return wanted;
  }

  private static long bind(Descriptor d) {
    if (d.boundPort != 0) {
      return -Errno.EINVAL;
    }
    d.boundPort = Connection.SERVER_PORT;
    return 0;
  }

  private long listen(Descriptor d, int backlog) {
    if (d.state == Descriptor.State.LISTENING) {
      host.control().backlog(d.listener, backlog);
      connection.listening(d.boundPort);
      return 0;
    }
    if (d.state != Descriptor.State.FRESH) {
      return -Errno.EINVAL;
    }
    int listener = host.sockets().listen(d.boundPort, backlog, d.options, d.number);
    if (listener < 0) {
      return listener;
    }
    d.listener = listener;
    d.state = Descriptor.State.LISTENING;
    connection.listening(d.boundPort);
    return 0;
  }

  private long accept(Descriptor d, Script.Call call) {
    if (d.state != Descriptor.State.LISTENING) {
      return -Errno.EINVAL;
    }
    Long wanted = call.result();
    int number = wanted == null || wanted < 0 ? -2 : wanted.intValue();
    Descriptor child = new Descriptor(number);
    child.state = Descriptor.State.OPEN;
    long socket = descriptors.accept(child, d.listener);
    if (socket == -Errno.EAGAIN) {
      return d.nonBlocking ? -Errno.EAGAIN : WAITS;
    }
    if (socket < 0) {
      return socket;
    }
    child.options = d.options;
    child.socket = socket;
    child.connectTold = true;
    descriptors.current(child);
    return number;
  }

  private Attempt connect(Descriptor d) {
    if (d.state == Descriptor.State.FRESH) {
      long socket =
          host.sockets()
              .connect(
                  VirtualHost.LOCAL,
                  VirtualHost.REMOTE,
                  Connection.SERVER_PORT,
                  d.options,
                  d.number);
      if (socket < 0) {
        return once(socket);
      }
      d.socket = socket;
      d.state = Descriptor.State.CONNECTING;
      descriptors.current(d);
      connection.connecting(host.control().localPort(socket), Connection.SERVER_PORT);
      return d.nonBlocking ? once(-Errno.EINPROGRESS) : () -> connected(d);
    }
    if (d.state == Descriptor.State.CONNECTING && d.nonBlocking) {
      return once(-Errno.EALREADY);
    }
    return () -> connected(d);
  }

  private static long connected(Descriptor d) {
    switch (d.state) {
      case CONNECTING:
        return WAITS;
      case OPEN:
        if (d.connectTold) {
          return -Errno.EISCONN;
        }
        d.connectTold = true;
        return 0;
      case LISTENING:
        return -Errno.EISCONN;
      default:
        int error = d.takeError();
        return error != 0 ? -error : -Errno.ECONNABORTED;
    }
  }

  private long close(Descriptor d) {
    descriptors.forget(d);
    if (d.state == Descriptor.State.LISTENING) {
      host.sockets().closeListener(d.listener);
    } else if (d.socket != Descriptor.NO_SOCKET) {
      host.sockets().close(d.socket);
    }
    return 0;
  }

  private long shutdown(Descriptor d, int how) {
    if (!descriptors.isLive(d)) {
      return -Errno.ENOTCONN;
    }
    if (host.control().isConnecting(d.socket)) {
      return host.sockets().shutdownWrite(d.socket);
    }
    if (how != 1) {
      host.control().shutdownRead(d.socket);
    }
    return how == 0 ? 0 : host.sockets().shutdownWrite(d.socket);
  }

  private static long fcntl(int line, Descriptor d, Script.Call call) {
    int command = number(line, call, 1);
    if (command == 3) {
      return 2 | (d.nonBlocking ? Values.O_NONBLOCK : 0);
    }
    d.nonBlocking = (number(line, call, 2) & Values.O_NONBLOCK) != 0;
    return 0;
  }
}
