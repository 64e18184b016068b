package dev.halfopen.packetdrill;

import dev.halfopen.net.Segment;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.tcp.TcpInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the events of one script against one host in virtual time. */
final class ScriptRunner {
  private static final Set<String> IGNORED_OPTIONS =
      Set.of("mss", "send_omit_free", "tcp_ts_ecr_scaled");
  private static final long NS_PER_US = 1000;

  private final Script script;
  private final Descriptors descriptors = new Descriptors();
  private final Connection connection = new Connection();
  private final InfoCode code = new InfoCode();
  private final ShellCommands shell;
  private final SysctlProfile sysctl;
  private final Tolerance tolerance;
  private final PacketCheck check;
  private final VirtualHost host;
  private final Calls calls;
  private final OutboundPackets outbound;
  private @Nullable BlockedCall blocked;

  /** Scripted time of the event before, microseconds; and whether it was a packet that arrived. */
  private long lastUs;

  private boolean lastWasInbound;
  private boolean first = true;

  ScriptRunner(
      Script script, KernelProfile kernel, boolean strictPush, boolean strictTime, long phaseNs) {
    this.script = script;
    this.sysctl = new SysctlProfile(kernel);
    this.shell = new ShellCommands(sysctl);
    this.tolerance = tolerance(script.options(), strictTime);
    long tick = number(script.options(), "tcp_ts_tick_usecs", 0);
    this.check = new PacketCheck(connection, strictPush, tick);
    int firstEvent = 0;
    List<Script.Event> events = script.events();
    while (firstEvent < events.size()
        && events.get(firstEvent).action() instanceof Script.Shell s) {
      shell.apply(events.get(firstEvent).line(), s.text());
      firstEvent++;
    }
    this.firstEvent = firstEvent;
    this.host = new VirtualHost(sysctl, descriptors, phaseNs);
    descriptors.host(host);
    this.calls = new Calls(host, descriptors, connection);
    this.outbound = new OutboundPackets(host, connection, check, tolerance);
    applyShell();
  }

  private final int firstEvent;

  private static Tolerance tolerance(Map<String, String> options, boolean strict) {
    for (String name : options.keySet()) {
      boolean known =
          name.equals("tolerance_usecs")
              || name.equals("tcp_ts_tick_usecs")
              || IGNORED_OPTIONS.contains(name);
      String version = options.get("ip_version");
      if (version != null && !version.equals("ipv4") && !version.equals("ipv6")) {
        throw new ScriptException.Unsupported(1, "ip_version " + version);
      }
      if (!known && !name.equals("ip_version")) {
        throw new ScriptException.Failed(1, "unknown option --" + name);
      }
    }
    return new Tolerance(number(options, "tolerance_usecs", Tolerance.USUAL_US), strict);
  }

  private static long number(Map<String, String> options, String name, long otherwise) {
    String value = options.get(name);
    try {
      return value == null ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ScriptException.Failed(1, "--" + name + " needs a number, not " + value);
    }
  }

  void run() {
    List<Script.Event> events = script.events();
    for (int i = firstEvent; i < events.size(); i++) {
      event(events.get(i));
    }
    int line = events.isEmpty() ? 0 : events.get(events.size() - 1).line();
    awaitBlocked(line);
    outbound.expectNothing(line);
  }

  private long nowUs() {
    return host.nowNs() / NS_PER_US;
  }

  private void event(Script.Event e) {
    boolean inbound = e.action() instanceof Script.Inbound;
    long offset = 0;
    if (e.time().kind() != Script.TimeKind.ABSOLUTE) {
      offset = inbound && lastWasInbound ? lastUs : nowUs();
    }
    long at = e.time().atUs() + offset;
    long end = e.time().endUs() + offset;
    if (e.action() instanceof Script.Outbound o) {
      outbound.expect(e, o.packet(), at, end, first ? -1 : lastUs, this::step);
    } else {
      waitUntil(e, at);
      act(e, offset);
    }
    lastUs = at;
    lastWasInbound = inbound;
    first = false;
  }

  private void waitUntil(Script.Event e, long atUs) {
    advanceTo(atUs * NS_PER_US);
    long lateUs = nowUs() - atUs;
    if (lateUs > tolerance.us(first ? 0 : atUs - lastUs)) {
      throw new ScriptException.Failed(
          e.line(),
          "timing: scripted at "
              + Tolerance.seconds(atUs)
              + ", reached at "
              + Tolerance.seconds(nowUs()));
    }
  }

  private void advanceTo(long ns) {
    boolean more = true;
    while (more) {
      more = step(ns);
    }
    host.advanceTo(ns);
    poll();
  }

  /** Runs the next alarm not after the limit and whatever waited for it. */
  private boolean step(long limitNs) {
    boolean any = host.step(limitNs);
    if (any) {
      afterwards();
    }
    return any;
  }

  private void afterwards() {
    poll();
  }

  private void act(Script.Event e, long offsetUs) {
    Script.Action a = e.action();
    if (a instanceof Script.Inbound i) {
      inject(e.line(), i.packet());
      afterwards();
    } else if (a instanceof Script.Unreachable u) {
      unreachable(e.line(), u);
      afterwards();
    } else if (a instanceof Script.Call c) {
      call(e, c, offsetUs);
    } else if (a instanceof Script.Shell s) {
      shell.apply(e.line(), s.text());
      applyShell();
    } else if (a instanceof Script.Code c) {
      code.run(e.line(), c.text(), info(e.line()));
    }
  }

  private boolean isIpv6() {
    return "ipv6".equals(script.options().get("ip_version"));
  }

  private void applyShell() {
    host.host().refresh();
    if (isIpv6()) {
      host.host().sizesOfIpv6();
    }
    if (shell.mtu() != 0) {
      host.host().mtu(shell.mtu());
    }
    host.refuses(shell.dropsAll());
  }

  private TcpInfo info(int line) {
    Descriptor d = descriptors.current();
    if (d == null) {
      throw new ScriptException.Failed(line, "%{ }% before a connection is there");
    }
    TcpInfo info = new TcpInfo();
    return descriptors.isLive(d) && host.control().info(d.socket, info) ? info : d.lastInfo;
  }

  // ---- what arrives

  private void inject(int line, Script.Packet p) {
    boolean syn = (p.flags() & Segment.SYN) != 0;
    if (connection.role == Connection.Role.LISTENING || connection.role == Connection.Role.NONE) {
      connection.passive((int) p.seq());
    } else if (syn && connection.role == Connection.Role.CONNECTING) {
      connection.remoteIsn((int) p.seq());
    }
    Segment s = new Segment();
    int source = p.sourcePort() != 0 ? p.sourcePort() : connection.remotePort;
    int destination = p.destinationPort() != 0 ? p.destinationPort() : connection.localPort;
    s.ports = source << 16 | destination;
    s.flags = p.flags();
    s.seq = connection.liveSeq((int) p.seq(), syn);
    s.length = p.length();
    s.window = p.window();
    if ((p.flags() & Segment.ACK) != 0) {
      s.ack = connection.liveAck((int) p.ack(), syn);
    }
    List<TcpOption> options = p.options();
    for (TcpOption o : options == null ? List.<TcpOption>of() : options) {
      option(line, s, o);
    }
    host.inject(s);
  }

  private void option(int line, Segment s, TcpOption o) {
    switch (o.kind()) {
      case MSS:
        s.options |= Segment.OPT_MSS;
        s.mss = (int) o.a();
        break;
      case WINDOW_SCALE:
        s.options |= Segment.OPT_WINDOW_SCALE;
        s.windowScale = (int) o.a();
        break;
      case SACK_PERMITTED:
        s.options |= Segment.OPT_SACK_PERMITTED;
        break;
      case TIMESTAMP:
        s.options |= Segment.OPT_TIMESTAMP;
        s.tsValue = (int) o.a();
        s.tsEcho = s.has(Segment.ACK) ? echo(line, (int) o.b()) : (int) o.b();
        break;
      case FAST_OPEN:
        if (shell.fastOpen()) {
          throw new ScriptException.Unsupported(line, "Fast Open");
        }
        break;
      case SACK:
        throw new ScriptException.Unsupported(line, "SACK blocks that arrive");
      default:
        break;
    }
  }

  private int echo(int line, int value) {
    Integer live = connection.liveEcho(value, script.options().containsKey("tcp_ts_ecr_scaled"));
    if (live == null) {
      throw new ScriptException.Failed(line, "TS ecr " + value + " was never sent as TS val");
    }
    return live;
  }

  private void unreachable(int line, Script.Unreachable u) {
    if (isIpv6()) {
      throw new ScriptException.Unsupported(line, "ICMPv6");
    }
    int code =
        switch (u.code()) {
          case "net_unreachable" -> 0;
          case "host_unreachable" -> 1;
          case "port_unreachable" -> 3;
          case "net_prohibited" -> 9;
          case "host_prohibited" -> 10;
          case "packet_filtered" -> 13;
          default -> throw new ScriptException.Unsupported(line, "ICMP " + u.code());
        };
    int seq = connection.liveAck((int) Math.max(0, u.seq()), false);
    host.tcp()
        .unreachable(
            host.nowNs(),
            0,
            code,
            VirtualHost.LOCAL,
            VirtualHost.REMOTE,
            connection.localPort << 16 | connection.remotePort,
            seq);
  }

  // ---- calls

  private void call(Script.Event e, Script.Call c, long offsetUs) {
    awaitBlocked(e.line());
    long returnUs = e.time().isBlocking() ? e.time().returnUs() + offsetUs : nowUs();
    BlockedCall call = new BlockedCall(e.line(), c, calls.attempt(e.line(), c), nowUs(), returnUs);
    blocked = call;
    poll();
    if (!e.time().isBlocking()) {
      awaitBlocked(e.line());
    }
  }

  /** Tries the call that waits, if there is one. */
  private void poll() {
    BlockedCall b = blocked;
    if (b != null) {
      b.returns(nowUs(), tolerance);
    }
  }

  /**
   * One thread makes all calls: the next one waits until the last one has returned, and then its
   * result is judged.
   */
  private void awaitBlocked(int line) {
    BlockedCall b = blocked;
    if (b == null) {
      return;
    }
    long limitUs = Math.max(nowUs(), b.latestUs(tolerance));
    while (!b.hasReturned()) {
      if (!step(limitUs * NS_PER_US)) {
        throw new ScriptException.Failed(
            line, b.name() + "() has not returned at " + Tolerance.seconds(limitUs));
      }
    }
    blocked = null;
    b.verdict();
  }
}
