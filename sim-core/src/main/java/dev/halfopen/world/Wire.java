package dev.halfopen.world;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.Order;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Conntrack;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import dev.halfopen.net.Link;
import dev.halfopen.net.LinkRule;
import dev.halfopen.net.Segment;
import dev.halfopen.net.capture.Tap;
import dev.halfopen.tcp.Egress;
import org.jspecify.annotations.Nullable;

/** Carries segments from a host over its link to the next: one event per packet. */
final class Wire implements Egress {
  private final EventQueue queue;
  private final AddressTable addresses;
  private final Host[] hosts;

  /** Sees what leaves a host; null without a capture. */
  private final @Nullable Tap tap;

  /** By the id of the host that a packet is for; null where it is in this shard. */
  private @Nullable Mailbox[] mailboxes = {};

  /** Where the packet that was added last lies. */
  private int base;

  private long sent;
  private long noRoute;
  private long droppedByRouter;
  private long dropped;
  private long lost;
  private long duplicated;

  Wire(EventQueue queue, AddressTable addresses, Host[] hosts, @Nullable Tap tap) {
    this.queue = queue;
    this.addresses = addresses;
    this.hosts = hosts;
    this.tap = tap;
  }

  /** Packets to other shards go there. */
  void mailboxes(@Nullable Mailbox[] byHost) {
    mailboxes = byHost;
  }

  /** Adds the event of a packet to whoever owns the host it is for; {@link #base} tells where. */
  private long[] append(int to, long arrivalNs, long order) {
    if (to < mailboxes.length) {
      Mailbox box = mailboxes[to];
      if (box != null) {
        long[] words = box.append(arrivalNs, order);
        base = box.base();
        return words;
      }
    }
    long[] words = queue.append(arrivalNs, order);
    base = queue.base();
    return words;
  }

  @Override
  public void emit(long nowNs, Host from, Segment segment) {
    Link link = from.nextHop(segment.destination);
    if (link == null || link.impairments() != null) {
      emitByRoute(nowNs, from, segment);
      return;
    }
    sent++;
    long arrivalNs = link.enqueue(nowNs, segment.ipBytes());
    if (arrivalNs == Link.DROPPED) {
      dropped++;
      return;
    }
    EventQueue q = queue;
    long[] words = q.append(arrivalNs, from.nextPacketOrder());
    segment.write(words, q.base(), from.nextHopId());
  }

  /** A segment that goes another way than the one before it, or meets more than a link. */
  private void emitByRoute(long nowNs, Host from, Segment segment) {
    Conntrack conntrack = from.conntrack();
    if (conntrack != null && !conntrack.leaves(nowNs, segment)) {
      return;
    }
    sent++;
    if (tap != null) {
      tap.sent(nowNs, from, segment);
    }
    int to = addresses.hostOf(segment.destination);
    if (to < 0) {
      emitToNobody(nowNs, from, segment);
      return;
    }
    Link link = from.linkTo(to);
    if (link == null) {
      noRoute++;
      return;
    }
    if (conntrack == null && tap == null && (mailboxes.length == 0 || mailboxes[to] == null)) {
      from.turn(hosts[to], link);
    }
    Impairments impairments = link.impairments();
    if (impairments != null) {
      emitImpaired(nowNs, from, to, segment, link, impairments);
      return;
    }
    long arrivalNs = link.enqueue(nowNs, segment.ipBytes());
    if (arrivalNs == Link.DROPPED) {
      dropped++;
    } else {
      emitAt(arrivalNs, from, to, segment);
    }
  }

  private void emitAt(long arrivalNs, Host from, int to, Segment segment) {
    long[] words = append(to, arrivalNs, from.nextPacketOrder());
    segment.write(words, base, to);
  }

  /** A router beyond the link drops what nobody owns: it takes its share of the link, no event. */
  private void emitToNobody(long nowNs, Host from, Segment segment) {
    Link link = from.defaultRoute();
    if (link == null) {
      noRoute++;
    } else if (link.enqueue(nowNs, segment.ipBytes()) == Link.DROPPED) {
      dropped++;
    } else {
      noRoute++;
      droppedByRouter++;
    }
  }

  private void emitImpaired(
      long nowNs, Host from, int to, Segment segment, Link link, Impairments impairments) {
    long verdict = impairments.judge(nowNs, segment);
    if (verdict == LinkRule.DROP) {
      lost++;
      return;
    }
    if (LinkRule.isReject(verdict)) {
      lost++;
      reject(nowNs + 2 * link.delayNs(), from, segment, verdict);
      return;
    }
    long linkNs = link.enqueue(nowNs, segment.ipBytes());
    if (linkNs == Link.DROPPED) {
      dropped++;
      return;
    }
    long arrivalNs = impairments.arrivalNs(linkNs, verdict);
    emitAt(arrivalNs, from, to, segment);
    if (verdict == LinkRule.DUPLICATE) {
      duplicated++;
      emitAt(arrivalNs + 1, from, to, segment);
    }
  }

  /** Sends the header back to the host it came from, with the ICMP code in its side record. */
  private void reject(long nowNs, Host from, Segment segment, long verdict) {
    long arrivalNs = nowNs + Math.max(1, LinkRule.rejectAfterNs(verdict));
    long[] words = queue.append(arrivalNs, from.nextOrder(Order.ICMP));
    int at = queue.base();
    segment.write(words, at);
    Segment.sideRecord(words, at, LinkRule.rejectCode(verdict));
  }

  long sent() {
    return sent;
  }

  /** Packets to an address nobody owns or no link leads to; dropped in silence. */
  long noRoute() {
    return noRoute;
  }

  /** Those of them that a link had carried. */
  long droppedByRouter() {
    return droppedByRouter;
  }

  long dropped() {
    return dropped;
  }

  /** Packets that impairments of a link lost or rejected. */
  long lost() {
    return lost;
  }

  /** Second copies that impairments of a link made. */
  long duplicated() {
    return duplicated;
  }
}
