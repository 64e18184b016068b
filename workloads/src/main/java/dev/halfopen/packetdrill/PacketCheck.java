package dev.halfopen.packetdrill;

import dev.halfopen.net.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a packet of the script with what the stack sent. */
final class PacketCheck {
  private static final int COMPARED =
      Segment.FIN | Segment.SYN | Segment.RST | Segment.ACK | PacketParser.ECE | PacketParser.CWR;

  private final Connection connection;
  private final boolean strictPush;

  /** Ticks of the timestamp clock in microseconds; 0: TS val is not compared. */
  private final long timestampTickUs;

  PacketCheck(Connection connection, boolean strictPush, long timestampTickUs) {
    this.connection = connection;
    this.strictPush = strictPush;
    this.timestampTickUs = timestampTickUs;
  }

  /** What differs, or null. Also learns TS val, so that later packets can echo it. */
  @Nullable String difference(
      Script.Packet script, Captured live, Captured first, int length, long toleranceUs) {
    boolean syn = live.has(Segment.SYN);
    int flags = strictPush ? COMPARED | Segment.PSH : COMPARED;
    if ((script.flags() & flags) != (live.flags() & flags)) {
      return "flags";
    }
    if ((int) script.seq() != connection.scriptSeq(first.seq(), syn)) {
      return "sequence number";
    }
    if (script.length() != length) {
      return "length";
    }
    if (live.has(Segment.ACK) && (int) script.ack() != connection.scriptAck(live.ack(), syn)) {
      return "acknowledgment number";
    }
    if (script.window() >= 0 && script.window() != live.window()) {
      return "window";
    }
    return script.options() == null ? null : optionDifference(script.options(), live, toleranceUs);
  }

  private @Nullable String optionDifference(
      List<TcpOption> script, Captured live, long toleranceUs) {
    List<TcpOption> sent = live.options();
    for (int i = 0; i < Math.max(script.size(), sent.size()); i++) {
      if (i >= script.size() || i >= sent.size()) {
        return "options";
      }
      TcpOption expected = script.get(i);
      TcpOption actual = inScript(sent.get(i));
      if (!expected.sameAs(actual)) {
        return "options";
      }
      if (expected.kind() == TcpOption.Kind.TIMESTAMP
          && !timestamp((int) expected.a(), (int) sent.get(i).a(), toleranceUs)) {
        return "TS val";
      }
    }
    return null;
  }

  private boolean timestamp(int script, int live, long toleranceUs) {
    connection.timestampSent(script, live);
    long ticks = Math.abs(connection.scriptTimestamp(live) - script);
    return timestampTickUs == 0 || ticks * timestampTickUs <= toleranceUs;
  }

  private TcpOption inScript(TcpOption o) {
    if (o.kind() != TcpOption.Kind.SACK) {
      return o;
    }
    return new TcpOption(
        o.kind(),
        connection.scriptAck((int) o.a(), false) & 0xFFFFFFFFL,
        connection.scriptAck((int) o.b(), false) & 0xFFFFFFFFL);
  }

  // ---- for messages

  static String shown(Script.Packet p) {
    StringBuilder s = new StringBuilder();
    head(s, p.flags(), (int) p.seq(), p.length(), (int) p.ack());
    if (p.window() >= 0) {
      s.append(" win ").append(p.window());
    }
    List<TcpOption> options = p.options();
    return s.append(' ').append(options == null ? "<...>" : TcpOption.shown(options)).toString();
  }

  String shown(Captured c, Captured first, int length) {
    StringBuilder s = new StringBuilder();
    boolean syn = c.has(Segment.SYN);
    int seq = connection.scriptSeq(first.seq(), syn);
    head(s, c.flags(), seq, length, connection.scriptAck(c.ack(), syn));
    s.append(" win ").append(c.window());
    List<TcpOption> options = c.options().stream().map(this::inScript).toList();
    return s.append(' ').append(TcpOption.shown(options)).toString();
  }

  private static void head(StringBuilder s, int flags, int seq, int length, int ack) {
    String letters = "FSRP";
    for (int i = 0; i < letters.length(); i++) {
      if ((flags & 1 << i) != 0) {
        s.append(letters.charAt(i));
      }
    }
    if ((flags & PacketParser.ECE) != 0) {
      s.append('E');
    }
    if ((flags & PacketParser.CWR) != 0) {
      s.append('W');
    }
    if ((flags & Segment.ACK) != 0) {
      s.append('.');
    }
    if (s.length() == 0) {
      s.append('-');
    }
    long from = seq & 0xFFFFFFFFL;
    s.append(' ').append(from).append(':').append(from + length & 0xFFFFFFFFL);
    s.append('(').append(length).append(')');
    if ((flags & Segment.ACK) != 0) {
      s.append(" ack ").append(ack & 0xFFFFFFFFL);
    }
  }
}
