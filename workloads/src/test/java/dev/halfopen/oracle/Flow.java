package dev.halfopen.oracle;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;

/** Packets as tcpdump shows them: "c P. 100" is 100 bytes from the client. */
final class Flow {
  private Flow() {}

  static List<String> since(Scene scene, double fromS) {
    List<String> lines = new ArrayList<>();
    for (Packet p : scene.packets) {
      if (p.atNs() >= fromS * Conditions.SECOND_NS) {
        lines.add(text(p));
      }
    }
    return lines;
  }

  /** Instants of these packets, s after {@code fromS}. */
  static List<Double> times(Scene scene, double fromS) {
    List<Double> times = new ArrayList<>();
    for (Packet p : scene.packets) {
      if (p.atNs() >= fromS * Conditions.SECOND_NS) {
        times.add(p.atNs() / (double) Conditions.SECOND_NS - fromS);
      }
    }
    return times;
  }

  private static String text(Packet p) {
    String flags =
        (p.is(Segment.SYN) ? "S" : "")
            + (p.is(Segment.FIN) ? "F" : "")
            + (p.is(Segment.RST) ? "R" : "")
            + (p.is(Segment.PSH) ? "P" : "")
            + (p.is(Segment.ACK) ? "." : "");
    return (p.fromClient() ? "c " : "s ") + flags + (p.length() == 0 ? "" : " " + p.length());
  }
}
