package dev.halfopen.packetdrill;

import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.TcpInfo;

/** setsockopt, getsockopt and ioctl. */
final class OptionCalls {
  private final VirtualHost host;
  private final Descriptors descriptors;

  OptionCalls(VirtualHost host, Descriptors descriptors) {
    this.host = host;
    this.descriptors = descriptors;
  }

  long set(int line, Descriptor d, Script.Call call) {
    String name = Values.symbolName(line, Calls.argument(line, call, 2));
    Expression argument = Calls.argument(line, call, 3);
    SocketOptions o = d.options.copy();
    if (name.equals("SO_LINGER")) {
      linger(line, o, argument);
    } else if (name.equals("TCP_CONGESTION")) {
      congestion(line, argument);
      return 0;
    } else {
      int error = number(line, o, name, Values.number(line, argument));
      if (error != 0) {
        return -error;
      }
    }
    d.options = o;
    if (d.state == Descriptor.State.LISTENING) {
      host.control().listenerOptions(d.listener, o);
    } else if (descriptors.isLive(d)) {
      host.control().setOptions(d.socket, o);
    }
    return 0;
  }

  private static void linger(int line, SocketOptions o, Expression argument) {
    if (!(argument instanceof Expression.Struct s)) {
      throw new ScriptException.Failed(line, "SO_LINGER needs {onoff=, linger=}");
    }
    Expression on = s.members().get("onoff");
    Expression seconds = s.members().get("linger");
    o.lingerOn = on != null && Values.number(line, on) != 0;
    o.lingerSeconds = seconds == null ? 0 : Values.number(line, seconds);
  }

  private static void congestion(int line, Expression argument) {
    String name = argument instanceof Expression.Text t ? t.value() : "";
    if (!name.equals("cubic") && !name.equals("reno")) {
      throw new ScriptException.Unsupported(line, "congestion control " + name);
    }
  }

  /** The errno, or 0. Ranges as in {@code do_tcp_setsockopt}. */
  private static int number(int line, SocketOptions o, String name, int value) {
    switch (name) {
      case "SO_REUSEADDR":
        o.reuseAddress = value != 0;
        break;
      case "SO_REUSEPORT":
        o.reusePort = value != 0;
        break;
      case "SO_KEEPALIVE":
        o.keepalive = value != 0;
        break;
      case "SO_RCVBUF":
        o.receiveBufferBytes = value;
        break;
      case "SO_SNDBUF":
        o.sendBufferBytes = 2 * value;
        break;
      case "TCP_NODELAY":
        o.noDelay = value != 0;
        break;
      case "TCP_MAXSEG":
        if (value != 0 && (value < 88 || value > 32767)) {
          return Errno.EINVAL;
        }
        o.maxSegment = value;
        break;
      case "IP_TOS":
      case "IP_MTU_DISCOVER":
      case "TCP_NOTSENT_LOWAT":
        break;
      default:
        return timer(line, o, name, value);
    }
    return 0;
  }

  private static int timer(int line, SocketOptions o, String name, int value) {
    switch (name) {
      case "TCP_USER_TIMEOUT":
        if (value < 0) {
          return Errno.EINVAL;
        }
        o.userTimeoutMs = value;
        break;
      case "TCP_KEEPIDLE":
        o.keepIdleSeconds = value;
        return value < 1 || value > 32767 ? Errno.EINVAL : 0;
      case "TCP_KEEPINTVL":
        o.keepIntervalSeconds = value;
        return value < 1 || value > 32767 ? Errno.EINVAL : 0;
      case "TCP_KEEPCNT":
        o.keepCount = value;
        return value < 1 || value > 127 ? Errno.EINVAL : 0;
      case "TCP_SYNCNT":
        o.synCount = value;
        return value < 1 || value > 127 ? Errno.EINVAL : 0;
      case "TCP_DEFER_ACCEPT":
        o.deferAcceptSeconds = value;
        break;
      case "TCP_LINGER2":
        o.linger2Seconds = value < 0 ? -1 : value;
        break;
      default:
        throw new ScriptException.Unsupported(line, "socket option " + name);
    }
    return 0;
  }

  // ---- getsockopt

  long get(int line, Descriptor d, Script.Call call) {
    String name = Values.symbolName(line, Calls.argument(line, call, 2));
    long value = value(line, d, name);
    if (Calls.argument(line, call, 3) instanceof Expression.Items items
        && items.items().size() == 1) {
      long expected = Values.number(line, items.items().get(0));
      if (expected != value) {
        throw new ScriptException.Failed(
            line,
            "getsockopt "
                + name
                + ": expected "
                + shown(name, expected)
                + ", got "
                + shown(name, value));
      }
    }
    return 0;
  }

  private static String shown(String name, long value) {
    return name.equals("SO_ERROR") && value != 0
        ? value + " (" + Values.errnoName((int) value) + ")"
        : Long.toString(value);
  }

  private long value(int line, Descriptor d, String name) {
    SocketOptions o = d.options;
    switch (name) {
      case "SO_ERROR":
        descriptors.isLive(d);
        return d.takeError();
      case "SO_KEEPALIVE":
        return o.keepalive ? 1 : 0;
      case "SO_REUSEADDR":
        return o.reuseAddress ? 1 : 0;
      case "SO_SNDBUF":
        return o.sendBufferBytes;
      case "TCP_NODELAY":
        return o.noDelay ? 1 : 0;
      case "TCP_USER_TIMEOUT":
        return o.userTimeoutMs;
      case "TCP_KEEPIDLE":
        return o.keepIdleSeconds;
      case "TCP_KEEPINTVL":
        return o.keepIntervalSeconds;
      case "TCP_KEEPCNT":
        return o.keepCount;
      case "TCP_SYNCNT":
        return o.synCount;
      case "TCP_LINGER2":
        return o.linger2Seconds;
      case "TCP_MAXSEG":
        return maxSegment(d);
      default:
        throw new ScriptException.Unsupported(line, "getsockopt " + name);
    }
  }

  private long maxSegment(Descriptor d) {
    TcpInfo info = new TcpInfo();
    if (descriptors.isLive(d) && host.control().info(d.socket, info)) {
      return info.sendMss;
    }
    return d.options.maxSegment != 0 ? d.options.maxSegment : 536;
  }

  // ---- ioctl

  long ioctl(int line, Descriptor d, Script.Call call) {
    String request = Values.symbolName(line, Calls.argument(line, call, 1));
    boolean in = request.equals("SIOCINQ") || request.equals("FIONREAD");
    if (!in && !request.equals("SIOCOUTQ")) {
      throw new ScriptException.Unsupported(line, "ioctl " + request);
    }
    if (d.state == Descriptor.State.LISTENING) {
      return -Errno.EINVAL;
    }
    boolean live = descriptors.isLive(d) && d.state == Descriptor.State.OPEN;
    long value;
    if (in) {
      value = live ? host.control().unread(d.socket) : d.leftUnread;
    } else {
      value = live ? host.control().unacknowledged(d.socket) : 0;
    }
    long expected = Calls.number(line, call, 2);
    if (expected != value) {
      throw new ScriptException.Failed(line, request + ": expected " + expected + ", got " + value);
    }
    return 0;
  }
}
