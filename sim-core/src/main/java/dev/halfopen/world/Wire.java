package dev.halfopen.world;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.Order;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Egress;

/** Carries segments from a host over its link to the next: one event per packet. */
final class Wire implements Egress {
  private final EventQueue queue;
  private final AddressTable addresses;

  private long sent;
  private long noRoute;
  private long dropped;

  Wire(EventQueue queue, AddressTable addresses) {
    this.queue = queue;
    this.addresses = addresses;
  }

  @Override
  public void emit(long nowNs, Host from, Segment segment) {
    sent++;
    int to = addresses.hostOf(segment.destination);
    Link link = to < 0 ? null : from.linkTo(to);
    if (link == null) {
      noRoute++;
      return;
    }
    long arrivalNs = link.enqueue(nowNs, segment.ipBytes());
    if (arrivalNs == Link.DROPPED) {
      dropped++;
      return;
    }
    long[] words = queue.append(arrivalNs, from.nextOrder(Order.PACKET));
    segment.write(words, queue.base());
  }

  long sent() {
    return sent;
  }

  /** Packets to an address nobody owns or no link leads to; dropped in silence. */
  long noRoute() {
    return noRoute;
  }

  long dropped() {
    return dropped;
  }
}
