package dev.halfopen.oracle;

import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O3: a flood of spoofed SYNs, a client that comes after it, and how the queue drains. */
final class SynFlood implements Experiment {
  private static final int SYNS = 20_000;
  private static final long INTERVAL_NS = 50_000;
  private static final double PATIENCE_S = 6.5;

  /** The measurement watched the queue so long. */
  private static final double WATCHED_S = 75;

  @Override
  public Readings simulate(Case c, Scene scene) {
    scene.captures = false;
    scene.set(Sysctl.SOMAXCONN, c.number("somaxconn", 4096));
    scene.set(Sysctl.TCP_MAX_SYN_BACKLOG, c.number("max_syn_backlog", 2048));
    scene.set(Sysctl.TCP_SYNACK_RETRIES, c.number("synack_retries", 5));
    scene.set(Sysctl.TCP_SYNCOOKIES, c.number("syncookies", 1)).build();
    int backlog = c.number("backlog", 128);
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, backlog, SocketOptions.DEFAULT));
    return c.has("drain") ? drain(scene, c.number("n", 0)) : flood(scene);
  }

  private static void send(Scene scene, int syns) {
    scene.clientDoes(() -> send(scene.client, 0, syns, scene.server.address()));
    scene.run(syns * INTERVAL_NS / (double) Conditions.SECOND_NS + 0.001);
  }

  private static void send(Actor client, int n, int syns, int destination) {
    client.raw(RawSyn.spoofed(n, destination));
    if (n + 1 < syns) {
      client.after(INTERVAL_NS, () -> send(client, n + 1, syns, destination));
    }
  }

  private static Readings flood(Scene scene) {
    send(scene, SYNS);
    final int halfOpen = scene.serverGauge(SocketGauges.SYN_RECV);
    final Readings readings =
        new Readings()
            .count("half_open", halfOpen)
            .count("SyncookiesSent", scene.serverTcp().counter(Mib.SYNCOOKIES_SENT))
            .count("TCPReqQFullDrop", scene.serverTcp().counter(Mib.REQ_Q_FULL_DROP))
            .count("ListenDrops", scene.serverTcp().counter(Mib.LISTEN_DROPS));
    Connection[] made = new Connection[1];
    scene.clientDoes(
        () ->
            made[0] =
                scene.client.connect(scene.server.address(), Scene.PORT, SocketOptions.DEFAULT));
    scene.run(PATIENCE_S);
    return readings.count("legitimate client connects within 6.5 s", made[0].isConnected() ? 1 : 0);
  }

  private static Readings drain(Scene scene, int syns) {
    send(scene, syns);
    Readings readings =
        new Readings().count("half_open at first", scene.serverGauge(SocketGauges.SYN_RECV));
    for (int atS = 9; atS <= 60; atS++) {
      scene.runUntil(atS);
      readings.count("half_open from 9 to 60 s", scene.serverGauge(SocketGauges.SYN_RECV));
    }
    scene.runUntil(WATCHED_S);
    return readings.count("SYN-ACK retransmissions", scene.serverTcp().counter(Mib.RETRANS_SEGS));
  }
}
