package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;

/**
 * One class of delays of an application: a constant one as a lane with a single pending timer, a
 * random one as a timer each. A delay whose reference is stale when it ends is forgotten.
 */
final class Delays {
  /** Argument of a lane's timer; references are not negative. */
  private static final long LANE = -1;

  private final Application application;
  private final Expiry expiry;
  private final Tickets tickets;
  private final Distribution delay;
  private final int kind;
  private final int purpose;
  private final DelayLane lane;
  private long drawn;

  /**
   * @param kind the application's timer kind, given back with each expiry
   * @param purpose of the random numbers; not used for a constant delay
   */
  Delays(
      Application application,
      Expiry expiry,
      Tickets tickets,
      Distribution delay,
      int kind,
      int purpose) {
    this.application = application;
    this.expiry = expiry;
    this.tickets = tickets;
    this.delay = delay;
    this.kind = kind;
    this.purpose = purpose;
    this.lane = new DelayLane(tickets, application.context().memory());
  }

  static Delays timeout(
      Application application, Expiry expiry, Tickets tickets, long delayNs, int kind) {
    Distribution constant = Distribution.constant(delayNs);
    return new Delays(application, expiry, tickets, constant, kind, Purposes.NOT_RANDOM);
  }

  /** Begins a new life of the application, whose random numbers go on where the last one ended. */
  void restart() {
    lane.clear();
  }

  /** Whether there is nothing to wait for (a timeout of 0: none). */
  boolean isZero() {
    return delay.isZero();
  }

  /** Begins a delay that is not zero. */
  void begin(long nowNs, long reference) {
    if (delay.isConstant()) {
      beginAt(nowNs, reference);
      return;
    }
    AppContext context = application.context();
    long bits = RandomStreams.bits(context.seed(), context.randomNode(), purpose, drawn++);
    long ns = Math.max(1, delay.sample(bits));
    application.timerAt(nowNs + ns, kind, reference);
  }

  /** Begins a constant delay as of {@code sinceNs}, which never goes back; no-op for a zero one. */
  void beginAt(long sinceNs, long reference) {
    if (isZero()) {
      return;
    }
    long deadlineNs = sinceNs + delay.typical();
    if (lane.add(deadlineNs, reference)) {
      application.timerAt(deadlineNs, kind, LANE);
    }
  }

  /**
   * Ends one delay at a time of its own: for what a lane, whose deadlines only grow, cannot hold.
   */
  void beginAlone(long deadlineNs, long reference) {
    application.timerAt(deadlineNs, kind, reference);
  }

  /** To be called from onTimer for this kind. */
  void fired(long nowNs, long argument) {
    if (argument != LANE) {
      if (tickets.isCurrent(argument)) {
        expiry.expired(nowNs, kind, argument);
      }
      return;
    }
    for (long r = lane.takeDue(nowNs); r >= 0; r = lane.takeDue(nowNs)) {
      expiry.expired(nowNs, kind, r);
    }
    long nextNs = lane.rearm();
    if (nextNs >= 0) {
      application.timerAt(nextNs, kind, LANE);
    }
  }
}
