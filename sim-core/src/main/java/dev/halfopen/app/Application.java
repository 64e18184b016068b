package dev.halfopen.app;

import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Sockets;

/**
 * What runs on a host: one object per application, however many requests it serves. It reacts to
 * readiness and to its own timers and calls socket operations; it never sees a packet and never
 * moves time. Per-request state belongs into a record table, not into objects.
 */
public abstract class Application {
  @SuppressWarnings("NullAway.Init") // the world attaches it before anything is called
  private AppContext context;

  @SuppressWarnings("NullAway.Init") // the same
  private Sockets sockets;

  /** Called once, when the world is built. */
  public final void attach(AppContext appContext) {
    this.context = appContext;
    this.sockets = appContext.sockets();
    attached();
  }

  /** The context is there; the world is not complete yet. */
  protected void attached() {}

  protected final Host host() {
    return context.host();
  }

  protected final Sockets sockets() {
    return sockets;
  }

  /** Asks for {@link #onTimer} at {@code timeNs} (at least 1 ns ahead). It cannot be taken back. */
  protected final void timerAt(long timeNs, int kind, long argument) {
    context.timerAt(timeNs, kind, argument);
  }

  /** A raw socket: puts a segment on the wire as it is, whatever source address it claims. */
  protected final void sendRaw(Segment segment) {
    context.sendRaw(segment);
  }

  protected final AppContext context() {
    return context;
  }

  /**
   * Called at time 0, before the first event; and again when the host has booted or the application
   * was started again after {@link #died}: then it begins with nothing.
   */
  public abstract void start(long nowNs);

  /** Its host lost power or it was killed: its sockets, its timers and its memory are gone. */
  public void died(long nowNs) {}

  /**
   * A planned change that an application itself makes; every application of the host is told.
   *
   * @param what a number that only one kind of application understands
   */
  public void onFault(long nowNs, int what, long argument) {}

  /** A datagram has arrived; it is valid during this call. */
  public void onDatagram(long nowNs, Segment datagram) {}

  /** Says what the requests here wait for; called once, when a run has ended. */
  public void tellWaits(Waits waits) {}

  /**
   * A socket became ready, at the instant of the event that made it so.
   *
   * @param socket the socket, or the listener's number with {@link Sockets#ACCEPTABLE}
   * @param handle what the application called it
   * @param bits readiness bits of {@link Sockets}
   * @param mark the sender's mark with {@link Sockets#MESSAGE}, else 0
   * @param errno with {@link Sockets#FAILED}, else 0
   */
  public abstract void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno);

  public abstract void onTimer(long nowNs, int kind, long argument);

  /** Whether {@link #foresee} has anything to say. */
  public boolean foresees() {
    return false;
  }

  /**
   * Says which sockets it will probably use next, by {@link Sockets#soon} and {@link
   * Sockets#soonConnect}, so that what they need is read before. It must change nothing that shows:
   * whether and how often it is called depends on how large the tables are.
   *
   * @param untilNs what it does later need not be said yet
   */
  public void foresee(long untilNs) {}

  /**
   * Whether {@link Sockets#READABLE} alone makes it read all there is and do nothing else. Then the
   * stack reads for it, at the same instant, and tells it only of what ends a message: a response
   * of a megabyte is one call instead of seven hundred.
   */
  public boolean readsAtOnce() {
    return false;
  }
}
