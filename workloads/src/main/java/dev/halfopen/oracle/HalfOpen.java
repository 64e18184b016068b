package dev.halfopen.oracle;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O2: a SYN whose SYN-ACKs nobody answers. */
final class HalfOpen implements Experiment {
  private static final double LIMIT_S = 200;
  private static final int SOURCE_PORT = 5555;

  @Override
  public Readings simulate(Case c, Scene scene) {
    int retries = c.number("synack_retries", 5);
    scene.set(Sysctl.TCP_SYNACK_RETRIES, retries).build();
    scene.toServer.rule(SegmentRule.drop().flags(Segment.RST, Segment.RST));
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    double startS = scene.nowS();
    scene.clientDoes(
        () ->
            scene.client.raw(
                RawSyn.syn(scene.client.address(), SOURCE_PORT, scene.server.address())));
    scene.run(0.01);
    scene.await(LIMIT_S, () -> scene.serverGauge(SocketGauges.SYN_RECV) == 0);
    long synAcks = scene.packets.stream().filter(p -> !p.fromClient() && p.is(Segment.SYN)).count();
    return new Readings()
        .count("SYN-ACKs", synAcks)
        .polled("request gone s", scene.nowS() - startS, 1 << retries);
  }
}
