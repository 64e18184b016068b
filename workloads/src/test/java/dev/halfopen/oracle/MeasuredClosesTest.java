package dev.halfopen.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The closes of o8_close.json, packet by packet, at several jiffies phases. */
class MeasuredClosesTest {
  private static final int FIXED_PORT = 5555;
  private static final SocketOptions REUSE = reuse();

  private Scene scene;
  private Connection client;
  private Connection server;
  private double startS;

  private static SocketOptions reuse() {
    SocketOptions o = new SocketOptions();
    o.reuseAddress = true;
    return o;
  }

  @BeforeEach
  void clear() {
    startS = 0;
  }

  private void establish(int phase, SocketOptions options, SocketOptions serverOptions) {
    scene = new Scene(phase).build();
    scene.server.whenAccepted = s -> server = s;
    client = scene.connected(options, serverOptions);
    scene.run(0.1 + phase * 0.0007);
    startS = scene.nowS();
  }

  private void establish(int phase) {
    establish(phase, SocketOptions.DEFAULT, SocketOptions.DEFAULT);
  }

  /** A request and a response, so that ACKs are delayed from here on. */
  private void exchange() {
    scene.clientDoes(() -> client.send(100));
    scene.serverDoes(() -> server.send(100));
    scene.run(0.5);
    startS = scene.nowS();
  }

  private SegmentRule drops(int flag) {
    return SegmentRule.drop().from(scene.nowNs()).flags(flag, flag);
  }

  private int clientGauge(int gauge) {
    return scene.clientTcp().gauges().value(gauge);
  }

  private void flowIs(String... packets) {
    assertThat(Flow.since(scene, startS)).containsExactly(packets);
  }

  private double at(int packet) {
    return Flow.times(scene, startS).get(packet);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void writingToClosedPeerSucceedsOnceThenFails(int phase) {
    establish(phase);
    scene.serverDoes(server::close);
    scene.run(0.1);
    assertThat(clientGauge(SocketGauges.CLOSE_WAIT)).isEqualTo(1);
    int[] sent = new int[2];
    scene.clientDoes(() -> sent[0] = client.trySend(50));
    scene.run(0.1);
    scene.clientDoes(() -> sent[1] = client.trySend(50));
    flowIs("s F.", "c .", "c P. 50", "s R");
    assertThat(sent[0]).isEqualTo(50);
    assertThat(sent[1]).isNegative();
    assertThat(client.errno).isEqualTo(Errno.EPIPE);
    assertThat(at(1)).as("ACK of a FIN on a connection without data").isLessThan(0.0081);
    assertThat(scene.clientSockets()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void closeWithUnreadDataResets(int phase) {
    establish(phase);
    scene.server.reads = false;
    scene.clientDoes(() -> client.send(100));
    scene.run(0.05);
    scene.serverDoes(server::close);
    scene.run(1);
    flowIs("c P. 100", "s .", "s R.");
    assertThat(client.errno).isEqualTo(Errno.ECONNRESET);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lingerZeroResets(int phase) {
    SocketOptions abortive = new SocketOptions();
    abortive.lingerOn = true;
    establish(phase, abortive, SocketOptions.DEFAULT);
    scene.clientDoes(client::close);
    scene.run(1);
    flowIs("c R.");
    assertThat(server.errno).isEqualTo(Errno.ECONNRESET);
    assertThat(scene.clientSockets()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lingerZeroResetsInCloseWait(int phase) {
    SocketOptions abortive = new SocketOptions();
    abortive.lingerOn = true;
    establish(phase, abortive, SocketOptions.DEFAULT);
    scene.serverDoes(server::close);
    scene.run(0.05);
    scene.clientDoes(client::close);
    scene.run(0.1);
    flowIs("s F.", "c .", "c R.");
    assertThat(scene.world().stack().demuxEntries()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void halfClosedConnectionStillReceives(int phase) {
    establish(phase);
    exchange();
    scene.clientDoes(client::shutdownWrite);
    scene.run(0.083);
    assertThat(clientGauge(SocketGauges.FIN_WAIT_2)).isEqualTo(1);
    scene.serverDoes(() -> server.send(500));
    scene.run(0.077);
    int[] sent = new int[1];
    scene.clientDoes(() -> sent[0] = client.trySend(1));
    scene.serverDoes(server::close);
    scene.run(0.1);
    flowIs("c F.", "s .", "s P. 500", "c .", "s F.", "c .");
    assertThat(sent[0]).isEqualTo(-Errno.EPIPE);
    assertThat(client.received).isEqualTo(100 + 500);
    assertThat(at(1)).as("delayed ACK of the FIN").isBetween(0.040, 0.0481);
    assertThat(clientGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
    assertThat(scene.serverGauge(SocketGauges.LAST_ACK)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void simultaneousCloseLeavesTwoTimeWaits(int phase) {
    establish(phase);
    scene.toServer.rule(drops(Segment.FIN).nth(1));
    scene.toClient.rule(drops(Segment.FIN).nth(1));
    scene.client.at(scene.nowNs() + 10, client::close);
    scene.server.at(scene.nowNs() + 10, server::close);
    scene.run(1.5);
    // Both ends do the same at the same instant; which ACK is listed first is the hosts' order.
    flowIs("c F.", "s F.", "c F.", "s F.", "s .", "c .");
    assertThat(at(2)).isBetween(0.204, 0.213);
    assertThat(clientGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
    assertThat(scene.serverGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lostFinIsProbedThenRetransmitted(int phase) {
    establish(phase);
    scene.toServer.rule(drops(Segment.FIN).nth(1, 2));
    scene.client.at(scene.nowNs() + 10, client::close);
    scene.server.at(scene.nowNs() + 11, server::close);
    scene.run(0.1);
    assertThat(clientGauge(SocketGauges.CLOSING)).isEqualTo(1);
    scene.run(1);
    flowIs("c F.", "s F.", "c .", "c F.", "c F.", "s .");
    assertThat(at(3)).isBetween(0.204, 0.213);
    assertThat(at(4) - at(3)).isBetween(0.203, 0.213);
    assertThat(clientGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
    assertThat(scene.serverGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lostFinOfServerIsProbedAfterClientsFinCameAgain(int phase) {
    establish(phase);
    exchange();
    scene.toClient.rule(drops(Segment.FIN).nth(1));
    scene.clientDoes(client::close);
    scene.run(0.030);
    scene.serverDoes(server::close);
    scene.run(1);
    flowIs("c F.", "s F.", "c F.", "s .", "s F.", "c .");
    assertThat(clientGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lostLastAckIsSentAgain(int phase) {
    establish(phase);
    scene.server.whenAccepted = s -> {};
    server.whenEnded = server::close;
    scene.toServer.rule(
        SegmentRule.drop()
            .from(scene.nowNs())
            .flags(Segment.ACK | Segment.FIN, Segment.ACK)
            .nth(1));
    scene.clientDoes(client::close);
    scene.run(1);
    flowIs("c F.", "s F.", "c .", "s F.", "c .");
    assertThat(at(3) - at(1)).isBetween(0.204, 0.213);
    assertThat(clientGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
    assertThat(scene.serverGauge(SocketGauges.LAST_ACK)).isZero();
  }

  private void rebootClient(int phase) {
    SocketOptions abortive = reuse();
    abortive.lingerOn = true;
    scene = new Scene(phase).build();
    scene.server.whenAccepted = s -> server = s;
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    Connection[] made = new Connection[1];
    scene.clientDoes(
        () ->
            made[0] =
                scene.client.connectFrom(FIXED_PORT, scene.server.address(), Scene.PORT, abortive));
    scene.run(0.1);
    scene.toServer.rule(drops(Segment.RST).nth(1));
    scene.clientDoes(made[0]::close);
    scene.run(0.05);
    client = made[0];
  }

  private Connection reconnect() {
    Connection[] made = new Connection[1];
    scene.clientDoes(
        () ->
            made[0] =
                scene.client.connectFrom(FIXED_PORT, scene.server.address(), Scene.PORT, REUSE));
    scene.run(0.5);
    return made[0];
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void rebootedClientIsChallengedAndConnectsAfterTwoJiffies(int phase) {
    rebootClient(phase);
    Connection old = server;
    startS = scene.nowS();
    Connection again = reconnect();
    flowIs("c S", "s .", "c R", "c S", "s S.", "c .");
    assertThat(at(3)).isBetween(0.008, 0.0125);
    assertThat(again.isConnected()).isTrue();
    assertThat(old.errno).isEqualTo(Errno.ECONNRESET);
    assertThat(server).isNotSameAs(old);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void rebootedClientResetsWhatTheServerSends(int phase) {
    rebootClient(phase);
    Connection old = server;
    startS = scene.nowS();
    scene.serverDoes(() -> server.send(100));
    scene.run(0.1);
    Connection again = reconnect();
    flowIs("s P. 100", "c R", "c S", "s S.", "c .");
    assertThat(again.isConnected()).isTrue();
    assertThat(old.errno).isEqualTo(Errno.ECONNRESET);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void lostFinOfClientIsAnsweredInTimeWait(int phase) {
    establish(phase);
    scene.toServer.rule(drops(Segment.FIN).nth(1));
    scene.clientDoes(client::close);
    scene.run(0.023);
    scene.serverDoes(server::close);
    scene.run(2);
    flowIs("c F.", "s F.", "c .", "c F.", "s .");
    assertThat(at(3)).isBetween(0.204, 0.213);
    assertThat(clientGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
    assertThat(scene.serverGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
  }
}
