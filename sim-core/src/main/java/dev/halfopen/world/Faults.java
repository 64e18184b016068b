package dev.halfopen.world;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes wrong when. Each call plans events of kind fault, which come first at their instant, at
 * the node whose state they change: a link belongs to the host that sends over it. Planned before
 * the world is built; links must have been built.
 */
public final class Faults {
  private final WorldBuilder builder;
  private final List<Fault> planned = new ArrayList<>();

  Faults(WorldBuilder builder) {
    this.builder = builder;
  }

  List<Fault> planned() {
    return planned;
  }

  private Fault plan(Fault.Kind kind, Host host, long atNs) {
    Fault f = new Fault(kind, host, atNs, null);
    planned.add(f);
    return f;
  }

  private Fault planLink(Fault.Kind kind, Host from, Host to, long atNs) {
    Fault f = new Fault(kind, from, atNs, builder.impair(from, to));
    planned.add(f);
    return f;
  }

  /** Nothing that {@code a} sends to {@code b} from then on arrives; Long.MAX_VALUE: for ever. */
  public Faults cutOneWay(Host a, Host b, long fromNs, long untilNs) {
    planLink(Fault.Kind.CUT_LINK, a, b, fromNs);
    if (untilNs != Long.MAX_VALUE) {
      planLink(Fault.Kind.MEND_LINK, a, b, untilNs);
    }
    return this;
  }

  /** A partition: nothing that either sends to the other arrives. */
  public Faults partition(Host a, Host b, long fromNs, long untilNs) {
    return cutOneWay(a, b, fromNs, untilNs).cutOneWay(b, a, fromNs, untilNs);
  }

  /**
   * While it lasts each packet from {@code a} to {@code b} is lost with this probability, whatever
   * the link's own loss; of several that overlap the one that began last counts, of those that
   * begin together the one planned last. Long.MAX_VALUE: for ever.
   */
  public Faults loss(Host a, Host b, long fromNs, long untilNs, double probability) {
    int number = builder.impair(a, b).planLoss(probability);
    planLink(Fault.Kind.LOSE, a, b, fromNs).what = number;
    if (untilNs != Long.MAX_VALUE) {
      planLink(Fault.Kind.LOSE_NO_MORE, a, b, untilNs).what = number;
    }
    return this;
  }

  /** All that the host has in memory is gone, without a word; see {@link DeadAddress}. */
  public Faults powerLoss(Host host, long atNs, DeadAddress deadAddress) {
    plan(Fault.Kind.POWER_OFF, host, atNs);
    if (deadAddress != DeadAddress.SILENT) {
      deadEnds(host, atNs, deadAddress);
    }
    return this;
  }

  /** The host has power again: the same addresses, an empty stack, its application started. */
  public Faults boot(Host host, long atNs) {
    plan(Fault.Kind.POWER_ON, host, atNs);
    boolean wasAnswered =
        planned.stream().anyMatch(f -> f.kind == Fault.Kind.DEAD_END && f.what == host.id());
    if (wasAnswered) {
      deadEnds(host, atNs, DeadAddress.SILENT);
    }
    return this;
  }

  private void deadEnds(Host host, long atNs, DeadAddress deadAddress) {
    for (Host other : builder.hosts()) {
      if (other.linkTo(host.id()) != null) {
        Fault f = planLink(Fault.Kind.DEAD_END, other, host, atNs);
        f.deadAddress = deadAddress;
        f.neighbour = builder.neighbourTimer(other);
        f.what = host.id();
      }
    }
  }

  /** kill -9 of the host's application: its kernel closes all its sockets. */
  public Faults kill(Host host, long atNs) {
    plan(Fault.Kind.KILL, host, atNs);
    return this;
  }

  /** Starts the application of a host that was killed. */
  public Faults start(Host host, long atNs) {
    plan(Fault.Kind.START, host, atNs);
    return this;
  }

  /** A pause of the application, as a garbage collector makes it: the kernel goes on. */
  public Faults hang(Host host, long atNs, long durationNs) {
    plan(Fault.Kind.HANG, host, atNs).argument = atNs + durationNs;
    plan(Fault.Kind.RESUME, host, atNs + durationNs);
    return this;
  }

  /** A change that the application itself makes; {@code what} is one of its own numbers. */
  public Faults tell(Host host, long atNs, int what, long argument) {
    Fault f = plan(Fault.Kind.TELL, host, atNs);
    f.what = what;
    f.argument = argument;
    return this;
  }

  /** listen() again with another backlog. */
  public Faults backlog(Host host, long atNs, int port, int backlog) {
    Fault f = plan(Fault.Kind.BACKLOG, host, atNs);
    f.what = port;
    f.argument = backlog;
    return this;
  }

  /** What a link's fault does. */
  static void strikeLink(Fault f, Impairments link) {
    switch (f.kind) {
      case CUT_LINK -> link.cut();
      case MEND_LINK -> link.mend();
      case LOSE -> link.beginLoss(f.what);
      case LOSE_NO_MORE -> link.endLoss(f.what);
      default -> link.otherEnd(f.deadAddress, f.neighbour);
    }
  }
}
