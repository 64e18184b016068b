package dev.halfopen.world;

import dev.halfopen.app.AppContext;
import dev.halfopen.app.Application;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.Sockets;
import java.util.ArrayList;
import java.util.List;

/**
 * Several applications of one host, seen by the loop as one. Which of them a socket belongs to
 * stands in the upper bits of its handle, which one a timer in the upper bits of its kind; an
 * application sees neither.
 */
final class HostApplications extends Application {
  private static final int KIND_SHIFT = 24;
  private static final int KIND_MASK = (1 << KIND_SHIFT) - 1;
  private static final int SIGN_SHIFT = Integer.SIZE - Sockets.APPLICATION_SHIFT;

  private final List<Application> added = new ArrayList<>();
  private Application[] applications = {};

  private HostApplications() {}

  /** {@code there} and one more, which comes last. */
  static HostApplications with(Application there, Application more) {
    HostApplications all;
    if (there instanceof HostApplications several) {
      all = several;
    } else {
      all = new HostApplications();
      all.added.add(there);
    }
    if (all.added.size() == Sockets.APPLICATIONS_MAX) {
      throw new IllegalArgumentException(
          "more than " + Sockets.APPLICATIONS_MAX + " applications on one host");
    }
    all.added.add(more);
    return all;
  }

  @Override
  protected void attached() {
    applications = added.toArray(new Application[0]);
    for (int i = 0; i < applications.length; i++) {
      applications[i].attach(new Part(context(), i));
    }
  }

  @Override
  public boolean foresees() {
    for (Application a : applications) {
      if (a.foresees()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void foresee(long untilNs) {
    for (Application a : applications) {
      if (a.foresees()) {
        a.foresee(untilNs);
      }
    }
  }

  @Override
  public void start(long nowNs) {
    for (Application a : applications) {
      a.start(nowNs);
    }
  }

  @Override
  public void died(long nowNs) {
    for (Application a : applications) {
      a.died(nowNs);
    }
  }

  /** Every application is told: what it is says whose matter it is. */
  @Override
  public void onFault(long nowNs, int what, long argument) {
    for (Application a : applications) {
      a.onFault(nowNs, what, argument);
    }
  }

  /** Every application is shown it: the port that it is for says whose it is. */
  @Override
  public void onDatagram(long nowNs, Segment datagram) {
    for (Application a : applications) {
      a.onDatagram(nowNs, datagram);
    }
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    applications[handle >>> Sockets.APPLICATION_SHIFT].onReady(
        nowNs, socket, handle << SIGN_SHIFT >> SIGN_SHIFT, bits, mark, errno);
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    applications[kind >>> KIND_SHIFT].onTimer(nowNs, kind & KIND_MASK, argument);
  }

  @Override
  public boolean readsAtOnce() {
    for (Application a : applications) {
      if (!a.readsAtOnce()) {
        return false;
      }
    }
    return true;
  }

  /** What one of the applications is given. */
  private static final class Part implements AppContext {
    private final AppContext whole;
    private final int index;
    private final Sockets sockets;

    Part(AppContext whole, int index) {
      this.whole = whole;
      this.index = index;
      this.sockets = whole.sockets().of(index);
    }

    @Override
    public Host host() {
      return whole.host();
    }

    @Override
    public Sockets sockets() {
      return sockets;
    }

    @Override
    public SocketControl control() {
      return whole.control();
    }

    @Override
    public void sendRaw(Segment segment) {
      whole.sendRaw(segment);
    }

    @Override
    public void timerAt(long timeNs, int kind, long argument) {
      whole.timerAt(timeNs, kind | index << KIND_SHIFT, argument);
    }

    @Override
    public long seed() {
      return whole.seed();
    }

    @Override
    public int randomNode() {
      return whole.randomNode() | index << KIND_SHIFT;
    }

    @Override
    public MemoryBudget memory() {
      return whole.memory();
    }
  }
}
