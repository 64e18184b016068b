package dev.halfopen.packetdrill;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * One TCP option of a packet, in the order of the wire.
 *
 * @param a MSS, shift, TS val or left edge
 * @param b TS ecr or right edge
 */
record TcpOption(Kind kind, long a, long b) {
  enum Kind {
    EOL("eol"),
    NOP("nop"),
    MSS("mss"),
    WINDOW_SCALE("wscale"),
    SACK_PERMITTED("sackOK"),
    SACK("sack"),
    TIMESTAMP("TS"),
    FAST_OPEN("FO");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  static TcpOption of(Kind kind) {
    return new TcpOption(kind, 0, 0);
  }

  /** Two options are the same on the wire; TS val is left to the caller. */
  boolean sameAs(TcpOption other) {
    if (kind != other.kind) {
      return false;
    }
    return kind == Kind.TIMESTAMP ? (int) b == (int) other.b : a == other.a && b == other.b;
  }

  String shown() {
    switch (kind) {
      case MSS:
      case WINDOW_SCALE:
        return kind.word + " " + a;
      case SACK:
        return "sack " + (a & 0xFFFFFFFFL) + ":" + (b & 0xFFFFFFFFL);
      case TIMESTAMP:
        return "TS val " + (a & 0xFFFFFFFFL) + " ecr " + (b & 0xFFFFFFFFL);
      default:
        return kind.word;
    }
  }

  static String shown(List<TcpOption> options) {
    StringBuilder s = new StringBuilder("<");
    for (TcpOption o : options) {
      s.append(s.length() > 1 ? "," : "").append(o.shown());
    }
    return s.append('>').toString();
  }

  /** The options of a segment as {@code tcp_options_write} lays them out, padding included. */
  static List<TcpOption> of(Segment s) {
    List<TcpOption> list = new ArrayList<>();
    boolean syn = s.has(Segment.SYN);
    boolean permitted = syn && s.hasOption(Segment.OPT_SACK_PERMITTED);
    if (syn && s.hasOption(Segment.OPT_MSS)) {
      list.add(new TcpOption(Kind.MSS, s.mss, 0));
    }
    if (s.hasOption(Segment.OPT_TIMESTAMP)) {
      if (permitted) {
        list.add(of(Kind.SACK_PERMITTED));
      } else {
        pad(list, 2);
      }
      list.add(new TcpOption(Kind.TIMESTAMP, s.tsValue, s.tsEcho));
    } else if (permitted) {
      pad(list, 2);
      list.add(of(Kind.SACK_PERMITTED));
    }
    if (syn && s.hasOption(Segment.OPT_WINDOW_SCALE)) {
      pad(list, 1);
      list.add(new TcpOption(Kind.WINDOW_SCALE, s.windowScale, 0));
    }
    return list;
  }

  static void pad(List<TcpOption> list, int nops) {
    for (int i = 0; i < nops; i++) {
      list.add(of(Kind.NOP));
    }
  }
}
