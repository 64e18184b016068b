package dev.halfopen.packetdrill;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind {@code <} and {@code >}: TCP packets and ICMP messages. */
final class PacketParser {
  /** Flags that TCP has and the stack's segments carry without looking at them. */
  static final int URG = 32;

  static final int ECE = 64;
  static final int CWR = 128;

  private static final Set<String> ECN = Set.of("noecn", "ect0", "ect1", "ect01", "ce");
  private static final Set<String> FOREIGN =
      Set.of("udp", "raw", "gre", "GREv0", "ipv4", "ipv6", "mpls", "psp");

  private final TokenReader in;

  PacketParser(TokenReader in) {
    this.in = in;
  }

  /** The direction has been read. */
  Script.Action packet(boolean inbound) {
    String ecn = ipInformation();
    if (in.peek().kind() == Token.Kind.WORD && FOREIGN.contains(in.peek().text())) {
      throw in.unsupported(in.peek().text() + " packets");
    }
    if (in.takeWord("icmp")) {
      return icmp();
    }
    int sourcePort = 0;
    int destinationPort = 0;
    if (in.peek().kind() == Token.Kind.INTEGER && in.peek(1).is('>')) {
      sourcePort = (int) in.integer();
      in.expect('>');
      destinationPort = (int) in.integer();
    }
    int flags = flags();
    long seq = in.integer() & 0xFFFFFFFFL;
    in.expect(':');
    in.integer();
    in.expect('(');
    int length = (int) in.integer();
    in.expect(')');
    long ack = 0;
    if (in.takeWord("ack")) {
      ack = in.integer() & 0xFFFFFFFFL;
    }
    int window = -1;
    if (in.takeWord("win")) {
      window = (int) in.integer();
    } else if (inbound) {
      throw in.unexpected("'win' (an inbound packet must state its window)");
    }
    if (in.takeWord("urg")) {
      in.integer();
    }
    List<TcpOption> options = in.peek().is('<') && isOptionList() ? options(inbound) : List.of();
    Script.Packet packet =
        new Script.Packet(
            ecn, sourcePort, destinationPort, flags, seq, length, ack, window, options);
    return inbound ? new Script.Inbound(packet) : new Script.Outbound(packet);
  }

  private String ipInformation() {
    String ecn = "";
    while (in.take('[')) {
      Token t = in.next();
      if (ECN.contains(t.text())) {
        ecn = t.text();
      } else if (t.isWord("tos") || t.isWord("ttl") || t.isWord("flowlabel")) {
        in.next();
      } else {
        throw new ScriptException.Failed(t.line(), "syntax: unknown IP field " + t.shown());
      }
      in.take(',');
      in.expect(']');
    }
    return ecn;
  }

  private int flags() {
    int flags = 0;
    boolean any = false;
    for (; ; ) {
      Token t = in.peek();
      if (t.is('.')) {
        flags |= Segment.ACK;
      } else if (t.is('-')) {
        flags |= 0;
      } else if (t.kind() == Token.Kind.WORD) {
        flags |= flagLetters(t);
      } else if (any) {
        return flags;
      } else {
        throw in.unexpected("TCP flags");
      }
      any = true;
      in.next();
    }
  }

  private int flagLetters(Token t) {
    int flags = 0;
    for (char c : t.text().toCharArray()) {
      switch (c) {
        case 'F':
          flags |= Segment.FIN;
          break;
        case 'S':
          flags |= Segment.SYN;
          break;
        case 'R':
          flags |= Segment.RST;
          break;
        case 'P':
          flags |= Segment.PSH;
          break;
        case 'E':
          flags |= ECE;
          break;
        case 'W':
          flags |= CWR;
          break;
        case 'U':
          flags |= URG;
          break;
        case 'A':
          throw in.unsupported("the AE flag of AccECN");
        default:
          throw in.unexpected("TCP flags");
      }
    }
    return flags;
  }

  /** A {@code <} after an outbound packet could also begin nothing else; times never do. */
  private boolean isOptionList() {
    Token t = in.peek(1);
    return t.kind() == Token.Kind.ELLIPSIS || t.kind() == Token.Kind.WORD || t.is('>');
  }

  private @Nullable List<TcpOption> options(boolean inbound) {
    in.expect('<');
    if (in.peek().kind() == Token.Kind.ELLIPSIS) {
      if (inbound) {
        throw in.unexpected("TCP options (<...> is for outbound packets)");
      }
      in.next();
      in.expect('>');
      return null;
    }
    List<TcpOption> list = new ArrayList<>();
    while (!in.take('>')) {
      option(list, inbound);
      in.take(',');
    }
    return list;
  }

  private void option(List<TcpOption> list, boolean inbound) {
    String word = in.peek().text();
    switch (word) {
      case "nop":
        list.add(TcpOption.of(TcpOption.Kind.NOP));
        break;
      case "eol":
        list.add(TcpOption.of(TcpOption.Kind.EOL));
        break;
      case "sackOK":
        list.add(TcpOption.of(TcpOption.Kind.SACK_PERMITTED));
        break;
      case "mss":
        in.next();
        list.add(new TcpOption(TcpOption.Kind.MSS, in.integer(), 0));
        return;
      case "wscale":
        in.next();
        list.add(new TcpOption(TcpOption.Kind.WINDOW_SCALE, in.integer(), 0));
        return;
      case "sack":
        in.next();
        sackBlocks(list);
        return;
      case "TS":
        in.next();
        in.expectWord("val");
        long value = in.integer();
        in.expectWord("ecr");
        list.add(new TcpOption(TcpOption.Kind.TIMESTAMP, value, in.integer()));
        return;
      case "FO":
      case "FOEXP":
        if (!inbound) {
          throw in.unsupported("Fast Open");
        }
        in.next();
        in.next();
        list.add(TcpOption.of(TcpOption.Kind.FAST_OPEN));
        return;
      default:
        throw in.unsupported("TCP option " + in.peek().shown());
    }
    in.next();
  }

  private void sackBlocks(List<TcpOption> list) {
    do {
      long left = in.integer();
      in.expect(':');
      list.add(new TcpOption(TcpOption.Kind.SACK, left, in.integer()));
    } while (in.peek().kind() == Token.Kind.INTEGER);
  }

  private Script.Action icmp() {
    String type = in.word();
    if (!type.equals("unreachable")) {
      throw in.unsupported("ICMP " + type);
    }
    String code = in.word();
    int mtu = in.takeWord("mtu") ? (int) in.integer() : 0;
    long seq = -1;
    if (in.take('[')) {
      seq = in.integer();
      in.expect(':');
      in.integer();
      in.expect('(');
      in.integer();
      in.expect(')');
      in.expect(']');
    }
    return new Script.Unreachable(code, mtu, seq);
  }
}
