package dev.halfopen.net.capture;

import dev.halfopen.net.Segment;
import java.util.Arrays;

/**
 * The bytes of a captured packet: an IPv4 header as Linux fills it, TCP with its options in the
 * order of {@code tcp_options_write}, UDP or ICMP, right checksums. Payload is synthesised.
 */
final class PacketBytes {
  /** The longest IPv4 packet. */
  static final int BYTES_MAX = 0xFFFF;

  private static final int IP_BYTES = 20;
  private static final int TCP_BYTES = 20;
  private static final int UDP_BYTES = 8;
  private static final int ICMP_BYTES = 8;
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  private static final int TTL = 64;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int UNREACHABLE = 3;
  private static final int DNS_PORT = 53;
  private static final int DNS_HEADER_BYTES = 12;
  private static final int DNS_RECORD_BYTES = 16;

  /** TCPOPT_NOP to TCPOPT_TIMESTAMP. */
  private static final int NOP = 1;

  private static final int MSS = 2;
  private static final int WINDOW = 3;
  private static final int SACK_PERMITTED = 4;
  private static final int SACK = 5;
  private static final int TIMESTAMP = 8;

  /** Every byte of a payload, so that a retransmission has the same ones. */
  private static final byte FILLER = 'x';

  private final byte[] bytes = new byte[BYTES_MAX];
  private final Segment segment = new Segment();
  private int length;

  byte[] bytes() {
    return bytes;
  }

  /** Bytes of the packet made last. */
  int length() {
    return length;
  }

  /** Makes the packet that a record in {@code words} stands for. */
  void make(long[] words, int at) {
    int what = (int) words[at + Tap.WHAT];
    segment.read(words, at + Tap.WHAT);
    if (what == Tap.ICMP_IN) {
      unreachable(Segment.sideRecord(words, at + Tap.WHAT));
    } else if (segment.hasOption(Segment.OPT_DATAGRAM)) {
      datagram();
    } else {
      tcp();
    }
  }

  private void ip(int protocol, int source, int destination, int total) {
    put16(0, 0x4500);
    put16(2, total);
    put16(4, 0);
    put16(6, DONT_FRAGMENT);
    put16(8, TTL << 8 | protocol);
    put16(10, 0);
    put32(12, source);
    put32(16, destination);
    put16(10, ~fold(sum(0, IP_BYTES)));
    length = total;
  }

  private void tcp() {
    int header = TCP_BYTES + segment.optionBytes();
    int tcpBytes = header + segment.length;
    ip(TCP, segment.source, segment.destination, IP_BYTES + tcpBytes);
    put32(20, segment.ports);
    put32(24, segment.seq);
    put32(28, segment.ack);
    put16(32, header / 4 << 12 | segment.flags);
    put16(34, segment.window);
    put32(36, 0);
    options(IP_BYTES + TCP_BYTES);
    Arrays.fill(bytes, IP_BYTES + header, length, FILLER);
    put16(36, ~fold(sum(IP_BYTES, header) + fillerSum(segment.length) + pseudo(TCP, tcpBytes)));
  }

  /** {@code tcp_options_write}: SACK-permitted goes where the timestamp is padded. */
  private void options(int from) {
    boolean syn = segment.has(Segment.SYN);
    boolean stamps = segment.hasOption(Segment.OPT_TIMESTAMP);
    int at = from;
    if (syn && segment.hasOption(Segment.OPT_MSS)) {
      put32(at, MSS << 24 | 4 << 16 | segment.mss);
      at += 4;
    }
    boolean sackPermitted = syn && segment.hasOption(Segment.OPT_SACK_PERMITTED);
    if (stamps) {
      put16(at, sackPermitted ? SACK_PERMITTED << 8 | 2 : NOP << 8 | NOP);
      put16(at + 2, TIMESTAMP << 8 | 10);
      put32(at + 4, segment.tsValue);
      put32(at + 8, segment.tsEcho);
      at += 12;
    } else if (sackPermitted) {
      put32(at, NOP << 24 | NOP << 16 | SACK_PERMITTED << 8 | 2);
      at += 4;
    }
    if (syn && segment.hasOption(Segment.OPT_WINDOW_SCALE)) {
      put32(at, NOP << 24 | WINDOW << 16 | 3 << 8 | segment.windowScale);
    } else if (!syn && segment.hasOption(Segment.OPT_SACK)) {
      put32(at, NOP << 24 | NOP << 16 | SACK << 8 | 10);
      put32(at + 4, segment.seq);
      put32(at + 8, segment.seq + segment.mark);
    }
  }

  private void datagram() {
    int udpBytes = UDP_BYTES + segment.length;
    ip(UDP, segment.source, segment.destination, IP_BYTES + udpBytes);
    put32(20, segment.ports);
    put16(24, udpBytes);
    put16(26, 0);
    Arrays.fill(bytes, 28, length, FILLER);
    boolean isAnswer = segment.sourcePort() == DNS_PORT;
    if ((isAnswer || segment.destinationPort() == DNS_PORT) && segment.length > 36) {
      dns(28, isAnswer);
    }
    int checksum = ~fold(sum(IP_BYTES, udpBytes) + pseudo(UDP, udpBytes)) & 0xFFFF;
    put16(26, checksum == 0 ? 0xFFFF : checksum);
  }

  /** A question for an address, of a name of one label, and its answer. */
  private void dns(int at, boolean isAnswer) {
    int question = segment.length - (isAnswer ? DNS_RECORD_BYTES : 0) - DNS_HEADER_BYTES;
    put16(at, segment.seq);
    put16(at + 2, isAnswer ? 0x8180 : 0x0100);
    put32(at + 4, isAnswer ? 1 << 16 | 1 : 1 << 16);
    put32(at + 8, 0);
    int name = at + DNS_HEADER_BYTES;
    int label = question - 6;
    bytes[name] = (byte) label;
    bytes[name + 1 + label] = 0;
    put32(name + 2 + label, 1 << 16 | 1);
    if (isAnswer) {
      int record = name + question;
      put32(record, 0xC00C << 16 | 1);
      put32(record + 2, 1 << 16 | 1);
      put32(record + 6, 0);
      put16(record + 10, 4);
      put32(record + 12, segment.ack);
    }
  }

  /** {@code icmp_send}: the header of what could not go on and 8 bytes after it. */
  private void unreachable(int code) {
    int inner = IP_BYTES + ICMP_BYTES;
    ip(TCP, segment.source, segment.destination, segment.ipBytes());
    System.arraycopy(bytes, 0, bytes, inner, IP_BYTES);
    int total = inner + IP_BYTES + 8;
    ip(ICMP, segment.destination, segment.source, total);
    put16(20, UNREACHABLE << 8 | code);
    put16(22, 0);
    put32(24, 0);
    put32(inner + IP_BYTES, segment.ports);
    put32(inner + IP_BYTES + 4, segment.seq);
    put16(22, ~fold(sum(IP_BYTES, total - IP_BYTES)));
  }

  // ---- checksums, RFC 1071

  private long pseudo(int protocol, int bytesAfterIp) {
    return sum(12, 8) + protocol + bytesAfterIp;
  }

  /** Sum of the 16-bit words of {@code count} bytes from {@code from} on. */
  private long sum(int from, int count) {
    long sum = 0;
    int end = from + count;
    int at = from;
    for (; at < end - 1; at += 2) {
      sum += (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }
    return at < end ? sum + ((bytes[at] & 0xFF) << 8) : sum;
  }

  /** What {@link #sum} gives for that many bytes of payload. */
  private static long fillerSum(int count) {
    return count / 2 * (long) (FILLER << 8 | FILLER) + (count & 1) * (long) (FILLER << 8);
  }

  private static int fold(long sum) {
    long s = sum;
    while (s >>> 16 != 0) {
      s = (s & 0xFFFF) + (s >>> 16);
    }
    return (int) s;
  }

  private void put16(int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  private void put32(int at, int value) {
    put16(at, value >>> 16);
    put16(at + 2, value);
  }
}
