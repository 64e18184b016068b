package dev.halfopen.claims;

import dev.halfopen.net.Segment;
import dev.halfopen.oracle.Packet;
import java.util.Locale;

/** A packet in letters: SYN S, FIN F, RST R, data D, ACK A; the server's in lower case. */
final class Flags {
  private Flags() {}

  static String of(Packet p) {
    StringBuilder out = new StringBuilder();
    out.append(p.is(Segment.SYN) ? "S" : "");
    out.append(p.is(Segment.FIN) ? "F" : "");
    out.append(p.is(Segment.RST) ? "R" : "");
    out.append(p.length() > 0 ? "D" : "");
    out.append(p.is(Segment.ACK) ? "A" : "");
    return p.fromClient() ? out.toString() : out.toString().toLowerCase(Locale.ROOT);
  }
}
