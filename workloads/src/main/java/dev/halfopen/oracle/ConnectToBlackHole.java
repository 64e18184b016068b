package dev.halfopen.oracle;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O1: connect() where nothing answers. */
final class ConnectToBlackHole implements Experiment {
  private static final double LIMIT_S = 200;

  @Override
  public Readings simulate(Case c, Scene scene) {
    int linear = c.number("linear", 4);
    int synCount = c.number("TCP_SYNCNT", 0);
    SocketOptions options = new SocketOptions();
    options.synCount = synCount;
    options.userTimeoutMs = c.number("user_timeout", 0);
    scene.set(Sysctl.TCP_SYN_RETRIES, c.number("syn_retries", 6));
    scene.set(Sysctl.TCP_SYN_LINEAR_TIMEOUTS, linear).build();
    scene.toServer.rule(SegmentRule.drop());
    Connection[] made = new Connection[1];
    scene.clientDoes(
        () -> made[0] = scene.client.connect(scene.server.address(), Scene.PORT, options));
    scene.run(LIMIT_S);
    long syns = scene.packets.stream().filter(p -> p.is(Segment.SYN)).count();
    double lastTimerS = 1 << (int) Math.max(0, syns - 1 - linear);
    return new Readings()
        .count("SYNs", syns)
        .time("connect error s", made[0].failedAfterS(), lastTimerS);
  }
}
