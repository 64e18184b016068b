package dev.halfopen.tcp;

import org.jspecify.annotations.Nullable;

/**
 * What the two ends agreed on in the handshake and what the socket's owner asked for; a few per
 * world, shared by all connections that have the same.
 */
final class Contract {
  /** Bytes of payload in a full segment: the peer's MSS less our timestamp option. */
  final int mss;

  /** MSS that we advertise. */
  final int advertisedMss;

  /** What {@link Receive} rounds a window to whole segments of: with our own timestamps or not. */
  final int payloadMss;

  final int sendScale;
  final int receiveScale;

  /** The bits of our window that its scale cannot say, and the largest window. */
  final int windowFraction;

  final int windowMost;
  final boolean timestamps;
  final boolean sack;
  final boolean windowScaling;
  final SocketOptions options;
  final int id;

  /** Of an offer: what the peer's SYN last said and the scale of ours, packed by Handshake. */
  long heard;

  /** What came of that, null before the first. */
  @Nullable Contract agreed;

  Contract(long key, SocketOptions options, int id) {
    mss = (int) (key >>> 48);
    advertisedMss = (int) (key >>> 32 & 0xFFFF);
    sendScale = (int) (key >>> 28 & 15);
    receiveScale = (int) (key >>> 24 & 15);
    windowFraction = (1 << receiveScale) - 1;
    windowMost = 0xFFFF << receiveScale;
    timestamps = (key & 1 << 23) != 0;
    sack = (key & 1 << 22) != 0;
    windowScaling = (key & 1 << 21) != 0;
    payloadMss = advertisedMss - (timestamps ? 12 : 0);
    this.options = options;
    this.id = id;
  }

  /** The same agreement under other options of the owner. */
  long keyWith(int optionsId) {
    return key(
        mss, advertisedMss, sendScale, receiveScale, timestamps, sack, windowScaling, optionsId);
  }

  /** All negotiated values in one long; the owner's options are the low 16 bits. */
  static long key(
      int mss,
      int advertisedMss,
      int sendScale,
      int receiveScale,
      boolean timestamps,
      boolean sack,
      boolean windowScaling,
      int optionsId) {
    return (long) mss << 48
        | (long) advertisedMss << 32
        | (long) sendScale << 28
        | (long) receiveScale << 24
        | (timestamps ? 1 << 23 : 0)
        | (sack ? 1 << 22 : 0)
        | (windowScaling ? 1 << 21 : 0)
        | optionsId;
  }
}
