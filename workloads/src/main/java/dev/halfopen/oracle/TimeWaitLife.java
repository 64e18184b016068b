package dev.halfopen.oracle;

import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O5, first part: how long TIME_WAIT and the FIN_WAIT_2 of a closed socket last. */
final class TimeWaitLife implements Experiment {
  private static final int CONNECTIONS = 20;
  private static final long SPACING_NS = 150 * Conditions.MS_NS;
  private static final double LIMIT_S = 400;
  private static final double LATE_S = 2;
  private static final int LATE_BYTES = 100;
  private static final int TIME_WAIT_S = 60;

  @Override
  public Readings simulate(Case c, Scene scene) {
    scene.set(Sysctl.TCP_FIN_TIMEOUT, c.number("fin_timeout", 60)).build();
    return c.has("TIME_WAIT") ? timeWait(scene) : finWait2(c, scene);
  }

  private static Readings timeWait(Scene scene) {
    scene.server.whenAccepted = s -> s.whenEnded = s::close;
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    long startNs = scene.nowNs();
    for (int i = 0; i < CONNECTIONS; i++) {
      scene.client.at(
          startNs + 1 + i * SPACING_NS,
          () -> {
            Connection k =
                scene.client.connect(scene.server.address(), Scene.PORT, SocketOptions.DEFAULT);
            k.whenConnected = k::close;
          });
    }
    scene.run(CONNECTIONS * SPACING_NS / (double) Conditions.SECOND_NS);
    Readings readings = new Readings();
    for (int i = 0; i < CONNECTIONS; i++) {
      int left = CONNECTIONS - i - 1;
      scene.await(LIMIT_S, () -> scene.clientTcp().gauges().value(SocketGauges.TIME_WAIT) <= left);
      double lifeS = (scene.nowNs() - startNs - i * SPACING_NS) / (double) Conditions.SECOND_NS;
      readings.polled("life s (polled)", lifeS, TIME_WAIT_S);
    }
    return readings;
  }

  private static Readings finWait2(Case c, Scene scene) {
    SocketOptions options = new SocketOptions();
    options.linger2Seconds = c.number("linger2", 0);
    Connection[] accepted = new Connection[1];
    scene.server.whenAccepted = s -> accepted[0] = s;
    Connection k = scene.connected(options);
    double startS = scene.nowS();
    scene.clientDoes(k::close);
    if (c.has("latefin")) {
      scene.run(LATE_S);
      scene.serverDoes(accepted[0]::close);
    } else if (c.has("latedata")) {
      scene.run(LATE_S);
      scene.serverDoes(() -> accepted[0].send(LATE_BYTES));
    }
    scene.await(LIMIT_S, () -> scene.clientSockets() == 0);
    return new Readings().polled("gone s (polled)", scene.nowS() - startS, longestTimerS(c));
  }

  private static double longestTimerS(Case c) {
    if (c.has("latedata") || c.number("linger2", 0) < 0) {
      return 0;
    }
    if (c.has("latefin")) {
      return TIME_WAIT_S;
    }
    int limitS = c.number("linger2", c.number("fin_timeout", 60));
    return limitS > TIME_WAIT_S ? limitS - TIME_WAIT_S : limitS;
  }
}
