package dev.halfopen.world;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.Order;
import dev.halfopen.net.Conntrack;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.net.capture.Tap;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * Brings arriving packets to the stacks of their hosts: through rings and cores and the connection
 * tracking of those that have them, at once otherwise.
 */
final class Intake {
  private final EventQueue queue;
  private final Tcp tcp;
  private final Host[] hosts;

  /** Sees what comes to a host; null without a capture. */
  private final @Nullable Tap tap;

  /**
   * By the id of the host: where its packets go without any detour, which the first one has found
   * out. Cores and connection tracking are given before a run.
   */
  private final @Nullable HostTcp[] straight;

  private final Segment tracked = new Segment();

  /** The packet that a core has taken off its ring. */
  private final long[] taken = new long[EventQueue.WORDS];

  Intake(EventQueue queue, Tcp tcp, Host[] hosts, @Nullable Tap tap) {
    this.queue = queue;
    this.tcp = tcp;
    this.hosts = hosts;
    this.straight = new HostTcp[hosts.length];
    this.tap = tap;
  }

  /** A packet has come to the end of its link. */
  void arrives(long nowNs, int hostId, long[] words, int at) {
    HostTcp host = straight[hostId];
    if (host != null) {
      Segment.digest(host.host().digest(), nowNs, words, at);
      tcp.segmentArrived(nowNs, host, words, at);
    } else {
      detour(nowNs, hosts[hostId], words, at);
    }
  }

  private void detour(long nowNs, Host host, long[] words, int at) {
    Cpu cpu = host.cpu();
    if (cpu == null) {
      pass(nowNs, host, words, at);
      return;
    }
    int lane = cpu.laneOf(words, at);
    int before = cpu.arrives(nowNs, lane, words, at);
    if (before == Cpu.AT_ONCE) {
      process(nowNs, host, cpu, lane, words, at);
    } else if (before == 0) {
      wake(nowNs, host, cpu, lane);
    }
  }

  private void wake(long nowNs, Host host, Cpu cpu, int lane) {
    long atNs = Math.max(nowNs + 1, cpu.freeAtNs(lane));
    long[] event = queue.append(atNs, host.nextOrder(Order.CPU));
    event[queue.base() + 1] = lane;
  }

  /** A core is done and takes the next packet off its ring. */
  void coreIsFree(long nowNs, int hostId, int lane) {
    Host host = hosts[hostId];
    Cpu cpu = host.cpu();
    if (cpu == null) {
      throw new IllegalStateException(host.name() + " has no cores");
    }
    cpu.take(lane, taken);
    process(nowNs, host, cpu, lane, taken, 0);
    if (cpu.hasWaiting(lane)) {
      wake(nowNs, host, cpu, lane);
    }
  }

  private void process(long nowNs, Host host, Cpu cpu, int lane, long[] words, int at) {
    boolean syn = ((int) words[at + 5] & (Segment.SYN | Segment.ACK)) == Segment.SYN;
    long cookies = syn ? cookies(host) : 0;
    pass(nowNs, host, words, at);
    cpu.worked(nowNs, lane, syn, syn && cookies(host) > cookies);
  }

  private long cookies(Host host) {
    return tcp.host(host.id()).counter(Mib.SYNCOOKIES_SENT);
  }

  private void pass(long nowNs, Host host, long[] words, int at) {
    Segment.digest(host.digest(), nowNs, words, at);
    if (tap != null) {
      tap.arrived(nowNs, host.id(), words, at);
    }
    Conntrack conntrack = host.conntrack();
    if (conntrack != null) {
      tracked.read(words, at);
      if (!conntrack.arrives(nowNs, tracked)) {
        return;
      }
    } else if (tap == null && host.cpu() == null) {
      straight[host.id()] = tcp.host(host.id());
    }
    tcp.segmentArrived(nowNs, host.id(), words, at);
  }
}
