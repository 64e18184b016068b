package dev.halfopen.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.halfopen.net.LinkRule;
import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What o6b_variants.json (connect errors, lost handshake packets), o2_synack.json (variants) and
 * o4_fill.json (cookies, closed listeners) measured beside the rows of summary.csv.
 */
class MeasuredHandshakesTest {
  private static final int SOURCE_PORT = 5555;
  private static final int FULL_SEGMENT = 1448;

  private final Scene scene = new Scene(2);
  private Connection client;

  private void listen(SocketOptions options) {
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 128, options));
  }

  private void connect() {
    scene.clientDoes(
        () ->
            client =
                scene.client.connect(scene.server.address(), Scene.PORT, SocketOptions.DEFAULT));
  }

  private List<String> flow() {
    return Flow.since(scene, 0);
  }

  // ---- connect errors

  @ParameterizedTest
  @CsvSource({"0, ENETUNREACH", "1, EHOSTUNREACH", "3, ECONNREFUSED", "13, EHOSTUNREACH"})
  void unreachableEndsConnectAtOnce(int code, String errno) {
    scene.build();
    scene.toServer.rule(SegmentRule.unreachable(code, 0));
    connect();
    scene.run(10);
    assertThat(Errno.name(client.errno)).isEqualTo(errno);
    assertThat(client.failedAfterS()).isLessThan(0.001);
    assertThat(flow()).containsExactly("c S");
  }

  @Test
  void resetEndsConnectAtOnce() {
    scene.build();
    connect();
    scene.run(10);
    assertThat(client.errno).isEqualTo(Errno.ECONNREFUSED);
    assertThat(flow()).containsExactly("c S", "s R.");
  }

  @Test
  void unansweredArpEndsConnectAfterThreeSeconds() {
    scene.build();
    scene.toServer.rule(SegmentRule.unreachable(LinkRule.HOST_UNREACHABLE, 3_050_000_000L));
    connect();
    scene.run(10);
    assertThat(client.errno).isEqualTo(Errno.EHOSTUNREACH);
    assertThat(client.failedAfterS()).isCloseTo(3.051, within(0.01));
  }

  // ---- lost handshake packets

  /** How many of ten full segments leave at once. */
  private int initialWindow(Connection sender) {
    scene.toClient.rule(SegmentRule.drop().from(scene.nowNs()));
    scene.clientDoes(() -> sender.send(12 * FULL_SEGMENT));
    scene.run(0.001);
    return (int) scene.packets.stream().filter(p -> p.length() > 0).count();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 10", "1, 1, 10", "1, 0, 10", "2, 1, 1", "2, 0, 1", "3, 1, 1", "3, 0, 1"})
  void twoLostSynsLeaveAWindowOfOne(int lost, int timestamps, int window) {
    scene.set(Sysctl.TCP_TIMESTAMPS, timestamps).build();
    listen(SocketOptions.DEFAULT);
    scene.toServer.rule(SegmentRule.drop().flags(Segment.SYN, Segment.SYN).nth(1, lost));
    connect();
    scene.run(3.3);
    assertThat(client.isConnected()).isTrue();
    assertThat((client.connectedNs - client.startedNs) / 1e9)
        .isBetween(lost * 0.999, lost * 1.04 + 0.001);
    assertThat(initialWindow(client)).isEqualTo(window);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0.204, 0.245", "1, 0, 3.0, 3.3"})
  void lostSynWithoutTimestampsLeavesRtoOfThreeSeconds(
      int lost, int timestamps, double leastS, double mostS) {
    scene.set(Sysctl.TCP_TIMESTAMPS, timestamps);
    scene.set(Sysctl.TCP_EARLY_RETRANS, 0).build();
    listen(SocketOptions.DEFAULT);
    scene.toServer.rule(SegmentRule.drop().flags(Segment.SYN, Segment.SYN).nth(1, lost));
    connect();
    scene.run(2);
    scene.cut();
    double fromS = scene.nowS();
    scene.clientDoes(() -> client.send(100));
    scene.run(5);
    assertThat(Flow.times(scene, fromS).get(1)).isBetween(leastS, mostS);
  }

  // ---- half-open variants of O2

  private void halfOpen(SocketOptions options, int retries) {
    scene.set(Sysctl.TCP_SYNACK_RETRIES, retries).build();
    scene.toServer.rule(SegmentRule.drop().flags(Segment.RST, Segment.RST).until(1_000));
    listen(options);
    sendRaw(Segment.SYN, 0, 0);
  }

  /** A raw segment of the half-open connection; the client's stack is kept from answering. */
  private void sendRaw(int flags, int seqAhead, int ackAhead) {
    Segment s = RawSyn.syn(scene.client.address(), SOURCE_PORT, scene.server.address());
    s.flags = flags;
    s.seq += seqAhead;
    if ((flags & Segment.SYN) == 0) {
      s.options = 0;
    }
    for (Packet p : scene.packets) {
      if (!p.fromClient() && p.is(Segment.SYN)) {
        s.ack = p.seq() + 1 + ackAhead;
      }
    }
    scene.clientDoes(() -> scene.client.raw(s));
  }

  private void silenceClientsStack() {
    scene.toClient.rule(SegmentRule.drop());
  }

  private long synAcks() {
    return scene.packets.stream().filter(p -> !p.fromClient() && p.is(Segment.SYN)).count();
  }

  private double goneAtS() {
    assertThat(scene.await(100, () -> scene.serverGauge(SocketGauges.SYN_RECV) == 0)).isTrue();
    return scene.nowS();
  }

  @Test
  void repeatedSynIsAnsweredAtOnceAndRestartsTimer() {
    silenceClientsStack();
    halfOpen(SocketOptions.DEFAULT, 2);
    for (double atS : new double[] {0.1065, 0.3, 0.55, 1.51, 4.0093}) {
      scene.runUntil(atS);
      sendRaw(Segment.SYN, 0, 0);
    }
    assertThat(goneAtS()).isBetween(8.39 - 0.4 - 0.27, 8.39 + 0.27);
    assertThat(synAcks()).isEqualTo(6);
    assertThat(scene.serverTcp().counter(Mib.ACK_SKIPPED_SYN_RECV)).isEqualTo(2);
  }

  @Test
  void resetRemovesRequestAtOnce() {
    silenceClientsStack();
    halfOpen(SocketOptions.DEFAULT, 2);
    scene.run(0.5);
    sendRaw(Segment.RST, 1, 0);
    scene.run(0.001);
    assertThat(scene.serverGauge(SocketGauges.SYN_RECV)).isZero();
    assertThat(synAcks()).isEqualTo(1);
    assertThat(scene.serverTcp().counter(Mib.EMBRYONIC_RSTS)).isEqualTo(1);
    assertThat(scene.serverTcp().counter(Mib.ATTEMPT_FAILS)).isEqualTo(1);
  }

  @Test
  void wrongAckIsResetAndChangesNothing() {
    silenceClientsStack();
    halfOpen(SocketOptions.DEFAULT, 2);
    scene.run(0.5);
    sendRaw(Segment.ACK, 1, 7);
    scene.run(0.001);
    assertThat(flow()).endsWith("c .", "s R");
    assertThat(goneAtS()).isBetween(7.0, 7.6);
    assertThat(synAcks()).isEqualTo(3);
  }

  @Test
  void ackAfterTheRequestIsGoneIsReset() {
    silenceClientsStack();
    halfOpen(SocketOptions.DEFAULT, 2);
    scene.run(8);
    sendRaw(Segment.ACK, 1, 0);
    scene.run(0.001);
    assertThat(flow()).endsWith("c .", "s R");
    assertThat(synAcks()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1, 6, 1.0, 1.04", "3, 5, 3.0, 3.1", "10, 3, 15.0, 15.9"})
  void deferredAcceptLeavesOutSynAcksUntilItIsOver(
      int deferS, int synAcks, double secondFromS, double secondToS) {
    silenceClientsStack();
    SocketOptions defer = new SocketOptions();
    defer.deferAcceptSeconds = deferS;
    halfOpen(defer, 5);
    scene.run(0.01);
    sendRaw(Segment.ACK, 1, 0);
    assertThat(goneAtS()).isBetween(63.0, 66.0);
    assertThat(synAcks()).isEqualTo(synAcks);
    List<Double> times = Flow.times(scene, 0);
    assertThat(times.get(3) - times.get(1)).isBetween(secondFromS, secondToS);
    assertThat(scene.serverTcp().counter(Mib.DEFER_ACCEPT_DROP)).isEqualTo(1);
  }

  // ---- cookies and closed listeners of O4

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lostAckOfCookieLeavesClientAloneUntilItSends(boolean send) {
    scene.set(Sysctl.TCP_SYNCOOKIES, 2).build();
    listen(SocketOptions.DEFAULT);
    scene.toServer.rule(SegmentRule.drop().flags(Segment.ACK, Segment.ACK).until(100_000_000));
    connect();
    client.whenConnected = send ? () -> client.send(100) : Connection.NOTHING;
    scene.run(10);
    assertThat(client.isConnected()).isTrue();
    if (send) {
      assertThat(flow()).containsExactly("c S", "s S.", "c .", "c P. 100", "c P. 100", "s .");
      assertThat(Flow.times(scene, 0).get(4)).isBetween(0.204, 0.213);
    } else {
      assertThat(flow()).containsExactly("c S", "s S.", "c .");
    }
    assertThat(scene.serverGauge(SocketGauges.ESTABLISHED)).isEqualTo(send ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1460, 1448",
    "1, 1, 1400, 1388",
    "1, 1, 1000, 988",
    "2, 1, 1460, 1448",
    "2, 1, 1400, 1288",
    "2, 1, 1000, 524",
    "2, 1, 500, 524",
    "1, 0, 1400, 1400",
    "2, 0, 1460, 1460",
    "2, 0, 1400, 1300",
    "2, 0, 1000, 536"
  })
  void cookieRoundsSegmentSizeDown(int cookies, int timestamps, int clientMss, int serverMss) {
    scene.set(Sysctl.TCP_SYNCOOKIES, cookies);
    scene.set(Sysctl.TCP_TIMESTAMPS, timestamps).build();
    scene.server.whenAccepted = s -> s.send(5000);
    listen(SocketOptions.DEFAULT);
    SocketOptions options = new SocketOptions();
    options.maxSegment = clientMss;
    scene.clientDoes(
        () -> client = scene.client.connect(scene.server.address(), Scene.PORT, options));
    scene.run(0.1);
    assertThat(scene.packets.stream().mapToInt(Packet::length).max()).hasValue(serverMss);
  }

  @Test
  void closingListenerResetsWhatIsQueuedAndLaterHalfOpenOnes() {
    scene.build();
    scene.server.accepts = false;
    int[] listener = new int[1];
    scene.serverDoes(
        () -> listener[0] = scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    connect();
    Connection queued = client;
    scene.run(0.1);
    scene.toServer.rule(SegmentRule.drop().flags(Segment.ACK | Segment.PSH, Segment.ACK));
    connect();
    scene.run(0.1);
    assertThat(scene.serverGauge(SocketGauges.SYN_RECV)).isEqualTo(1);
    double fromS = scene.nowS();
    scene.serverDoes(() -> scene.server.closeListener(listener[0]));
    scene.run(0.05);
    scene.clientDoes(() -> client.send(1));
    scene.run(0.05);
    assertThat(Flow.since(scene, fromS)).containsExactly("s R.", "c P. 1", "s R");
    assertThat(queued.errno).isEqualTo(Errno.ECONNRESET);
    assertThat(client.errno).isEqualTo(Errno.ECONNRESET);
  }

  // ---- dead peers over longer wires, zero windows

  @ParameterizedTest
  @CsvSource({"100, 3, 3, 5.231", "20, 5, 5, 14.87", "10, 3, 3, 3.565"})
  void longerRttMakesFewerRetransmissionsFit(
      int rttMs, int retries, int retransmissions, double measuredS) {
    Scene far = new Scene(3, rttMs * Conditions.MS_NS / 2);
    far.set(Sysctl.TCP_RETRIES2, retries).build();
    Connection c = far.connected(SocketOptions.DEFAULT);
    far.run(1);
    far.cut();
    long startNs = far.nowNs();
    far.clientDoes(() -> c.send(100));
    far.run(100);
    assertThat(DeadPeer.rtoRetransmissions(far)).isEqualTo(retransmissions);
    assertThat((c.failedNs - startNs) / 1e9).isCloseTo(measuredS, within(0.55));
  }

  @ParameterizedTest
  @CsvSource({"3, 1.632, 1.7", "5, 6.528, 7.2"})
  void zeroWindowProbesEndAfterRetries2(int retries, double lastGapFromS, double lastGapToS) {
    scene.set(Sysctl.TCP_RETRIES2, retries).build();
    scene.server.reads = false;
    Connection c = scene.connected(SocketOptions.DEFAULT);
    scene.clientDoes(() -> c.send(200_000));
    scene.run(2);
    scene.cut();
    final double fromS = scene.nowS();
    scene.run(120);
    assertThat(c.errno).isEqualTo(Errno.ETIMEDOUT);
    List<Double> times = Flow.times(scene, fromS);
    assertThat(Flow.since(scene, fromS)).allMatch(line -> line.equals("c ."));
    double last = times.get(times.size() - 1);
    assertThat(last - times.get(times.size() - 2)).isBetween(lastGapFromS, lastGapToS);
    assertThat((c.failedNs / 1e9 - fromS) - last).isBetween(lastGapFromS, lastGapToS);
    assertThat(times).hasSizeBetween(retries, retries + 1);
  }

  @Test
  void zeroWindowProbesGoOnWhileAnswered() {
    scene.build();
    scene.server.reads = false;
    Connection c = scene.connected(SocketOptions.DEFAULT);
    scene.clientDoes(() -> c.send(200_000));
    scene.run(400);
    assertThat(c.hasFailed()).isFalse();
    List<Packet> probes =
        scene.packets.stream().filter(p -> p.fromClient() && p.isBareAck()).toList();
    List<Packet> later = probes.subList(1, probes.size());
    for (int i = 1; i < later.size(); i++) {
      double gapS = (later.get(i).atNs() - later.get(i - 1).atNs()) / 1e9;
      double nominalS = Math.min(120, 0.204 * (1 << i));
      assertThat(gapS).isBetween(nominalS, nominalS * 1.13 + 0.01);
    }
    assertThat(later).hasSizeGreaterThan(8);
  }
}
