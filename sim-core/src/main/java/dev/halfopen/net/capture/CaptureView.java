package dev.halfopen.net.capture;

import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import dev.halfopen.net.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Which of the records are kept. A packet is seen at two interfaces, and a tool that finds it twice
 * takes the second for a retransmission: unless the filter names interfaces, it is kept where the
 * host with more links has it, where that leaves it open at the one built first.
 */
final class CaptureView {
  /** Of no world. */
  static final CaptureView NOTHING = new CaptureView(new Host[0], new AddressTable(), null);

  private final AddressTable addresses;
  private final @Nullable PacketFilter filter;
  private final boolean onceEach;

  /** By host: links 32 | the lower the id, the more. */
  private final long[] rank;

  private final Segment segment = new Segment();
  private final PacketFilter.Packet packet = new PacketFilter.Packet();

  CaptureView(Host[] hosts, AddressTable addresses, @Nullable PacketFilter filter) {
    this.addresses = addresses;
    this.filter = filter;
    this.onceEach = filter == null || !filter.namesInterfaces();
    this.rank = new long[hosts.length];
    for (Host h : hosts) {
      long links = 0;
      for (Link l : h.links()) {
        links += l == null ? 0 : 1;
      }
      rank[h.id()] = links << 32 | Integer.MAX_VALUE - h.id();
    }
  }

  boolean takes(long[] words, int at) {
    int what = (int) words[at + Tap.WHAT];
    segment.read(words, at + Tap.WHAT);
    PacketFilter.Packet p = packet;
    p.iface = (int) (words[at + Tap.WHAT] >>> 32);
    p.inbound = what != Tap.OUT;
    boolean back = what == Tap.ICMP_IN;
    p.source = back ? segment.destination : segment.source;
    p.destination = back ? segment.source : segment.destination;
    p.sourceHost = addresses.hostOf(p.source);
    p.destinationHost = addresses.hostOf(p.destination);
    if (onceEach && !back && !isKeptAt(p)) {
      return false;
    }
    if (filter == null) {
      return true;
    }
    p.protocol =
        back
            ? PacketBytes.ICMP
            : segment.hasOption(Segment.OPT_DATAGRAM) ? PacketBytes.UDP : PacketBytes.TCP;
    p.sourcePort = back ? -1 : segment.sourcePort();
    p.destinationPort = back ? -1 : segment.destinationPort();
    return filter.matches(p);
  }

  private boolean isKeptAt(PacketFilter.Packet p) {
    int other = p.inbound ? p.sourceHost : p.destinationHost;
    if (other == p.iface) {
      return p.inbound;
    }
    return other < 0 || rank[p.iface] > rank[other];
  }
}
