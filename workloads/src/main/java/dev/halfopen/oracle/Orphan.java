package dev.halfopen.oracle;

import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O8: a socket is closed after its peer has died. */
final class Orphan implements Experiment {
  private static final double LIMIT_S = 300;
  private static final double RTO_S = 0.204;

  @Override
  public Readings simulate(Case c, Scene scene) {
    int retries = c.number("orphan_retries", 0);
    scene.set(Sysctl.TCP_ORPHAN_RETRIES, retries).build();
    Connection k = scene.connected(SocketOptions.DEFAULT);
    scene.run(0.5);
    scene.cut();
    double startS = scene.nowS();
    int unsent = c.number("unsent", 0);
    scene.clientDoes(
        () -> {
          if (unsent > 0) {
            k.send(unsent);
          }
          k.close();
        });
    scene.await(LIMIT_S, () -> scene.clientSockets() == 0);
    return new Readings()
        .polled(
            "gone s (polled)",
            scene.nowS() - startS,
            RTO_S * (1 << (int) DeadPeer.rtoRetransmissions(scene)));
  }
}
