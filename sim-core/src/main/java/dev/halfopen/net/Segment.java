package dev.halfopen.net;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.EventWords;
import dev.halfopen.engine.Order;
import dev.halfopen.engine.RunDigest;

/**
 * The fields of one TCP segment, decoded; a segment on its way is six words in the event queue. One
 * instance is reused for every arrival, another for every departure. The layout is stated here
 * only.
 *
 * <pre>
 * word 1  source address 32 | destination address 32
 * word 2  source port 16 | destination port 16 | payload length 16 | window 16
 * word 3  sequence number 32 | acknowledgment number 32
 * word 4  timestamp value 32 | timestamp echo 32
 * word 5  mark 32 (a SYN carries MSS 16 | window scale 8 there) | side record 16 | options 8 | flags 8
 * word 6  may need the demux 1 | socket it is for 29 | upper part of the socket it is from 13 | host 21
 * </pre>
 *
 * <p>Word 6 is for the event queue: the host is the one that owns the destination address ({@link
 * #destinationHost}), the lower half of the socket that it is from takes the place of the side
 * record. A socket is what a stack calls its record, 0 for none: an end that has heard from the
 * other says where that one will find the record, which saves it the look-up. Nothing on a real
 * wire does; it may be out of date and must be verified. Without a socket, or where it may end a
 * connection, a segment may need the demux.
 */
public final class Segment {
  public static final int FIN = 1;
  public static final int SYN = 2;
  public static final int RST = 4;
  public static final int PSH = 8;
  public static final int ACK = 16;

  public static final int OPT_TIMESTAMP = 1;
  public static final int OPT_SACK_PERMITTED = 2;
  public static final int OPT_WINDOW_SCALE = 4;
  public static final int OPT_MSS = 8;

  /** One SACK block is carried in the words that a pure ACK leaves free: mark = right - left. */
  public static final int OPT_SACK = 16;

  /**
   * A socket has so many bits: the highest is set where it is no connection, but a request for one.
   */
  public static final int SOCKET_BITS = 29;

  private static final int SOCKET_MASK = (1 << SOCKET_BITS) - 1;
  private static final int HALF_BITS = 16;
  private static final int HALF_MASK = (1 << HALF_BITS) - 1;
  private static final int HOST_BITS = Integer.numberOfTrailingZeros(Order.NODES);
  private static final int TO_SHIFT = HOST_BITS + SOCKET_BITS - HALF_BITS;

  /** Beside the socket in word 6. */
  private static final int NEEDS_DEMUX = 1 << SOCKET_BITS;

  /** A datagram beside TCP: ports and mark count, everything else of TCP is left out. */
  public static final int OPT_DATAGRAM = 128;

  /** Words that a segment takes outside the event queue, the one before its own included. */
  private static final int WORDS = 6;

  private static final long DATAGRAM_BIT = (long) OPT_DATAGRAM << 8;

  /** Length of the options by SYN 1 | the options that take space 5. */
  private static final byte[] OPTION_BYTES = new byte[64];

  private static final int SPACE_OPTIONS = 31;

  static {
    for (int options = 0; options <= SPACE_OPTIONS; options++) {
      OPTION_BYTES[options] = (byte) laterOptionBytes(options);
      OPTION_BYTES[SYN << 4 | options] = (byte) synOptionBytes(options);
    }
  }

  public int source;
  public int destination;

  /** Source port in the high half, destination port in the low half. */
  public int ports;

  public int seq;
  public int ack;
  public int flags;
  public int length;

  /** As on the wire, unscaled. */
  public int window;

  public int options;
  public int tsValue;
  public int tsEcho;

  /** What the sender's application gave the message whose last byte this is; 0 for none. */
  public int mark;

  public int mss;
  public int windowScale;

  /** The sender's socket, and the receiver's as far as the sender knows; 0 for none. */
  public int fromSocket;

  public int toSocket;

  /** Reads what {@link #write(long[], int, int)} wrote, sockets included. */
  public void readQueued(long[] words, int at) {
    EventWords.check(words, at, EventQueue.WORDS);
    get(words, at);
    long w6 = EventWords.get(words, at, 6);
    toSocket = (int) (w6 >>> TO_SHIFT) & SOCKET_MASK;
    int half = (int) EventWords.get(words, at, 5) >>> HALF_BITS;
    fromSocket = (int) (w6 >>> HOST_BITS - HALF_BITS) & SOCKET_MASK & ~HALF_MASK | half;
  }

  /** Reads a segment whose order word, or what is in its place, has that index. */
  public void read(long[] words, int at) {
    EventWords.check(words, at, WORDS);
    get(words, at);
  }

  private void get(long[] words, int at) {
    long w1 = EventWords.get(words, at, 1);
    source = (int) (w1 >>> 32);
    destination = (int) w1;
    long w2 = EventWords.get(words, at, 2);
    ports = (int) (w2 >>> 32);
    length = (int) w2 >>> 16;
    window = (int) w2 & 0xFFFF;
    long w3 = EventWords.get(words, at, 3);
    seq = (int) (w3 >>> 32);
    ack = (int) w3;
    long w4 = EventWords.get(words, at, 4);
    tsValue = (int) (w4 >>> 32);
    tsEcho = (int) w4;
    long w5 = EventWords.get(words, at, 5);
    mark = (int) (w5 >>> 32);
    options = (int) w5 >>> 8 & 0xFF;
    flags = (int) w5 & 0xFF;
    if ((flags & SYN) != 0) {
      mss = mark >>> 16;
      windowScale = mark >>> 8 & 0xFF;
    }
  }

  /** Writes the segment behind the word of that index. */
  public void write(long[] words, int at) {
    EventWords.check(words, at, WORDS);
    put(words, at, 0);
  }

  /** Writes it into the queue, for the host that owns its destination. */
  public void write(long[] words, int at, int hostId) {
    EventWords.check(words, at, EventQueue.WORDS);
    put(words, at, fromSocket & HALF_MASK);
    long upper = (long) (fromSocket >>> HALF_BITS) << HOST_BITS;
    int to = mayNeedDemux() ? toSocket | NEEDS_DEMUX : toSocket;
    EventWords.put(words, at, 6, (long) to << TO_SHIFT | upper | hostId);
  }

  /** Whether it has no connection's socket, or may be the last of one: a FIN, or an ACK alone. */
  private boolean mayNeedDemux() {
    return toSocket - 1 >>> SOCKET_BITS - 1 != 0
        || (flags & FIN) != 0
        || (flags & PSH | length) == 0;
  }

  private void put(long[] words, int at, int side) {
    EventWords.put(words, at, 1, (long) source << 32 | destination & 0xFFFFFFFFL);
    EventWords.put(words, at, 2, (long) ports << 32 | (long) length << 16 | window);
    EventWords.put(words, at, 3, (long) seq << 32 | ack & 0xFFFFFFFFL);
    EventWords.put(words, at, 4, (long) tsValue << 32 | tsEcho & 0xFFFFFFFFL);
    int high = (flags & SYN) != 0 ? mss << 16 | windowScale << 8 : mark;
    EventWords.put(
        words, at, 5, (long) high << 32 | (long) side << 16 | (long) options << 8 | flags);
  }

  /**
   * Enters a packet in the queue into the digest of the host that it has come to: its addresses,
   * ports, length, window and sequence numbers.
   */
  public static void digest(RunDigest digest, long nowNs, long[] words, int at) {
    EventWords.check(words, at, EventQueue.WORDS);
    digest.add(
        nowNs,
        EventWords.get(words, at, 1),
        EventWords.get(words, at, 2),
        EventWords.get(words, at, 3));
  }

  /** The host that a segment in the queue is for, so that nobody has to look it up again. */
  public static int destinationHost(long[] words, int at) {
    EventWords.check(words, at, EventQueue.WORDS);
    return (int) EventWords.get(words, at, 6) & Order.NODES - 1;
  }

  /** The socket that a segment in the queue says it is for. */
  public static int toSocket(long[] words, int at) {
    return (int) (words[at + 6] >>> TO_SHIFT) & SOCKET_MASK;
  }

  /** Whether a segment in the queue may bring a 4-tuple into the demux, or take one out. */
  public static boolean mayNeedDemux(long[] words, int at) {
    return (words[at + 6] >>> TO_SHIFT & NEEDS_DEMUX) != 0;
  }

  /** The side record of a segment in the queue: the code of an ICMP error, else 0. */
  public static int sideRecord(long[] words, int at) {
    return (int) words[at + 5] >>> 16;
  }

  public static void sideRecord(long[] words, int at, int value) {
    words[at + 5] |= (long) value << 16;
  }

  /** Whether a packet in the queue is a datagram and no segment. */
  public static boolean isDatagram(long[] words, int at) {
    EventWords.check(words, at, EventQueue.WORDS);
    return (EventWords.get(words, at, 5) & DATAGRAM_BIT) != 0;
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  public boolean hasOption(int option) {
    return (options & option) != 0;
  }

  /** Length of the TCP options as Linux lays them out, padding included. */
  public int optionBytes() {
    return OPTION_BYTES[((flags & SYN) << 4 | options & SPACE_OPTIONS) & 63];
  }

  private static int laterOptionBytes(int options) {
    int n = (options & OPT_TIMESTAMP) != 0 ? 12 : 0;
    return (options & OPT_SACK) != 0 ? n + 12 : n;
  }

  /** {@code tcp_options_write}: SACK-permitted rides in the timestamp's padding. */
  private static int synOptionBytes(int options) {
    int n = (options & OPT_MSS) != 0 ? 4 : 0;
    if ((options & OPT_TIMESTAMP) != 0) {
      n += 12;
    } else if ((options & OPT_SACK_PERMITTED) != 0) {
      n += 4;
    }
    return (options & OPT_WINDOW_SCALE) != 0 ? n + 4 : n;
  }

  /** Bytes of the IP packet: headers of 20 + 20, options, payload. */
  public int ipBytes() {
    return 40 + optionBytes() + length;
  }

  /** Sequence space taken: payload, SYN and FIN. */
  public int endSeq() {
    return seq + length + (flags >> 1 & 1) + (flags & 1);
  }

  public int sourcePort() {
    return ports >>> 16;
  }

  public int destinationPort() {
    return ports & 0xFFFF;
  }
}
