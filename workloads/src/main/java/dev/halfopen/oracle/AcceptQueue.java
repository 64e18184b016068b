package dev.halfopen.oracle;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;

/** O4: an accept queue that is full, or full by the time the final ACK comes. */
final class AcceptQueue implements Experiment {
  private static final long SPACING_NS = Conditions.MS_NS / 4;
  private static final double FILL_S = 15;
  private static final int LATE_BACKLOG = 4;
  private static final int LATE_BEFORE = 3;

  /** The final ACKs and all that follows them are held back so long. */
  private static final double HELD_S = 0.3;

  private static final double LATE_S = 200;
  private static final int MESSAGE = 100;

  @Override
  public Readings simulate(Case c, Scene scene) {
    scene.set(Sysctl.TCP_SYNCOOKIES, c.number("syncookies", 1));
    boolean late = c.has("late");
    int abort = late ? c.number("abort", 0) : c.number("abort_on_overflow", 0);
    scene.set(Sysctl.TCP_ABORT_ON_OVERFLOW, abort).build();
    scene.server.accepts = false;
    return late ? late(c, scene, abort) : fill(c, scene);
  }

  private static Readings fill(Case c, Scene scene) {
    int backlog = c.number("backlog", 0);
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, backlog, SocketOptions.DEFAULT));
    connect(scene, backlog + 5, 0);
    scene.run(FILL_S);
    return new Readings().count("established", scene.serverGauge(SocketGauges.ESTABLISHED));
  }

  private static List<Connection> connect(Scene scene, int clients, int bytes) {
    List<Connection> made = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      scene.client.at(
          scene.nowNs() + 1 + i * SPACING_NS,
          () -> {
            Connection c =
                scene.client.connect(scene.server.address(), Scene.PORT, SocketOptions.DEFAULT);
            made.add(c);
            if (bytes > 0) {
              c.whenConnected = () -> c.send(bytes);
            }
          });
    }
    return made;
  }

  private static Readings late(Case c, Scene scene, int abort) {
    int[] listener = new int[1];
    scene.serverDoes(
        () -> listener[0] = scene.server.listen(Scene.PORT, LATE_BACKLOG, SocketOptions.DEFAULT));
    connect(scene, LATE_BEFORE, 0);
    scene.run(0.1);
    long heldUntil = scene.nowNs() + (long) (HELD_S * Conditions.SECOND_NS);
    scene.toServer.rule(SegmentRule.drop().flags(Segment.ACK, Segment.ACK).until(heldUntil));
    boolean send = c.number("send", 0) == 1;
    List<Connection> clients = connect(scene, c.number("n", 4), send ? MESSAGE : 0);
    int drainAt = c.number("drain_at", 0);
    if (drainAt > 0) {
      scene.run(drainAt);
      scene.server.whenAccepted = Connection::close;
      scene.serverDoes(() -> scene.server.acceptAll(listener[0]));
    }
    scene.run(LATE_S);
    Readings readings =
        new Readings().count("PassiveOpens", scene.serverTcp().counter(Mib.PASSIVE_OPENS));
    double longestTimerS = abort == 0 ? 53 : send ? 0.2 : 1;
    clients.stream()
        .filter(Connection::hasFailed)
        .forEach(k -> readings.time("ECONNRESET s", k.failedAfterS(), longestTimerS));
    return readings;
  }
}
