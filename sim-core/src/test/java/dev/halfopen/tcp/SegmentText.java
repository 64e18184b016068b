package dev.halfopen.tcp;

import dev.halfopen.net.Segment;
import java.util.Arrays;
import java.util.List;

/**
 * Segments as text: {@code FLAGS SEQ[(LENGTH)] [ack N] [win N]}, flags as packetdrill writes them
 * (S, F, R, P, "." for ACK, "-" for none). "S 0", "S. 0 ack 1", "P. 1(100) ack 1", "R. 0 ack 1".
 */
final class SegmentText {
  private static final String FLAGS = "SFRP.";
  private static final int[] BITS = {
    Segment.SYN, Segment.FIN, Segment.RST, Segment.PSH, Segment.ACK
  };

  private SegmentText() {}

  /** Numbers relative to where each side began. */
  static String of(Segment s, int seqBase, int ackBase) {
    StringBuilder b = new StringBuilder(flags(s.flags));
    boolean zero = s.has(Segment.RST) && s.seq == 0;
    b.append(' ').append(zero ? 0 : s.seq - seqBase);
    if (s.length > 0) {
      b.append('(').append(s.length).append(')');
    }
    if (s.has(Segment.ACK)) {
      b.append(" ack ").append(s.ack - ackBase);
    }
    return b.toString();
  }

  static String flags(int flags) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < BITS.length; i++) {
      if ((flags & BITS[i]) != 0) {
        b.append(FLAGS.charAt(i));
      }
    }
    return b.length() == 0 ? "-" : b.toString();
  }

  /** The other way; addresses, ports and options are the caller's. */
  static Segment parse(String text, int seqBase, int ackBase) {
    Segment s = new Segment();
    List<String> words = Arrays.asList(text.split(" "));
    for (char c : words.get(0).toCharArray()) {
      s.flags |= c == '-' ? 0 : BITS[FLAGS.indexOf(c)];
    }
    String seq = words.get(1);
    int open = seq.indexOf('(');
    if (open >= 0) {
      s.length = Integer.parseInt(seq.substring(open + 1, seq.length() - 1));
      seq = seq.substring(0, open);
    }
    s.seq = seqBase + (int) Long.parseLong(seq);
    s.window = 65_535;
    for (int i = 2; i < words.size(); i += 2) {
      long n = Long.parseLong(words.get(i + 1));
      switch (words.get(i)) {
        case "ack" -> s.ack = ackBase + (int) n;
        case "win" -> s.window = (int) n;
        case "mark" -> s.mark = (int) n;
        default -> throw new IllegalArgumentException(text);
      }
    }
    return s;
  }
}
