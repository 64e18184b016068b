package dev.halfopen.oracle;

import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O5, second part: a hundred local ports, connections one after the other as fast as they go. */
final class PortExhaustion implements Experiment {
  private static final int FIRST_PORT = 40_000;
  private static final int SECONDS = 71;

  /** The pace of the measuring script: after a connection, and after a refusal. */
  private static final long PAUSE_NS = 2 * Conditions.MS_NS;

  private static final long REFUSED_PAUSE_NS = 21 * Conditions.MS_NS;

  @Override
  public Readings simulate(Case c, Scene scene) {
    Readings readings = new Readings();
    if (c.text("closer", "client").equals("server")) {
      return readings.notExpressed(
          "connections in all",
          "how many connections the measuring machine made in 20 s, nothing held it up");
    }
    scene.captures = false;
    int ports = c.number("ports", 100);
    scene.set(Sysctl.TCP_TW_REUSE, c.number("tw_reuse", 0));
    scene.set(Sysctl.TCP_TIMESTAMPS, c.number("ts", 1));
    scene.set(Sysctl.PORT_RANGE_FIRST, FIRST_PORT);
    scene.set(Sysctl.PORT_RANGE_LAST, FIRST_PORT + ports - 1).build();
    int dests = c.number("dests", 1);
    boolean loopback = c.number("loopback", 0) == 1;
    Actor server = loopback ? scene.client : scene.server;
    for (int i = 0; i < dests; i++) {
      int port = Scene.PORT + i;
      server.at(1 + i, () -> server.listen(port, 128, SocketOptions.DEFAULT));
    }
    server.whenAccepted = s -> s.whenEnded = s::close;
    scene.runUntil(0.001);
    Attempts attempts = new Attempts(scene.client, server.address(), dests);
    scene.clientDoes(attempts::next);
    scene.run(SECONDS);
    return readings
        .count("connections before EADDRNOTAVAIL", attempts.beforeFailure)
        .rate("connections in all", attempts.made);
  }

  /** Connects and closes without end. */
  private static final class Attempts {
    private final Actor client;
    private final int destination;
    private final int dests;
    private int made;
    private int beforeFailure = -1;

    Attempts(Actor client, int destination, int dests) {
      this.client = client;
      this.destination = destination;
      this.dests = dests;
    }

    void next() {
      int port = Scene.PORT + made % dests;
      Connection k = client.connect(destination, port, SocketOptions.DEFAULT);
      if (k.hasFailed()) {
        beforeFailure = beforeFailure < 0 ? made : beforeFailure;
        client.after(REFUSED_PAUSE_NS, this::next);
        return;
      }
      made++;
      k.whenConnected = k::close;
      client.after(PAUSE_NS, this::next);
    }
  }
}
