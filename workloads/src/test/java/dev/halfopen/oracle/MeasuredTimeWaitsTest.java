package dev.halfopen.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What o5_reopen.json, o5_rebind.json, o5_buckets.json and o5_ports.json measured. */
class MeasuredTimeWaitsTest {
  private static final int PORT = 5555;
  private static final int FIRST_PORT = 40_000;
  private static final double GRANULE_S = 2.048;
  private static final SocketOptions REUSE = reuse();

  private Scene scene = new Scene(1);
  private Connection client;
  private Connection server;

  private static SocketOptions reuse() {
    SocketOptions o = new SocketOptions();
    o.reuseAddress = true;
    return o;
  }

  /** The server closes first; its end of the connection from PORT is in TIME_WAIT. */
  private void serverInTimeWait(int timestamps) {
    scene.set(Sysctl.TCP_TIMESTAMPS, timestamps).build();
    scene.server.whenAccepted = s -> server = s;
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    connectFromPort();
    client.whenEnded = client::close;
    scene.serverDoes(server::close);
    scene.run(0.01);
    assertThat(scene.serverGauge(SocketGauges.TIME_WAIT)).isEqualTo(1);
  }

  private void connectFromPort() {
    scene.clientDoes(
        () -> client = scene.client.connectFrom(PORT, scene.server.address(), Scene.PORT, REUSE));
    scene.run(0.01);
  }

  private List<String> send(int flags, int seqAhead, int length) {
    Packet last = null;
    for (Packet p : scene.packets) {
      last = p.fromClient() ? p : last;
    }
    assertThat(last).isNotNull();
    Segment s = RawSyn.syn(scene.client.address(), PORT, scene.server.address());
    s.flags = flags;
    s.seq = last.seq() + (last.is(Segment.FIN) ? 1 : 0) + seqAhead;
    s.ack = last.ack();
    s.length = length;
    if (!s.has(Segment.SYN)) {
      s.options = 0;
    }
    scene.toServer.rule(SegmentRule.drop().from(scene.nowNs() + 2));
    double fromS = scene.nowS();
    scene.clientDoes(() -> scene.client.raw(s));
    scene.run(0.01);
    // What the client's own stack answers is lost.
    return Flow.since(scene, fromS).stream().limit(2).toList();
  }

  private double goneAfterS() {
    double fromS = scene.nowS();
    assertThat(scene.await(100, () -> scene.serverGauge(SocketGauges.TIME_WAIT) == 0)).isTrue();
    return scene.nowS() - fromS;
  }

  @ParameterizedTest
  @CsvSource({"0.01, 1", "1.5, 1", "1.5, 0", "0.01, 0"})
  void newerSynOpensNewConnectionAtOnce(double waitS, int timestamps) {
    serverInTimeWait(timestamps);
    scene.run(waitS);
    final double fromS = scene.nowS();
    final Connection old = server;
    connectFromPort();
    assertThat(Flow.since(scene, fromS)).containsExactly("c S", "s S.", "c .");
    assertThat(client.isConnected()).isTrue();
    assertThat(server).isNotSameAs(old);
    assertThat(scene.serverGauge(SocketGauges.TIME_WAIT)).isZero();
  }

  @Test
  void oldSynIsAcknowledgedAndDoesNotRestartTimeWait() {
    serverInTimeWait(0);
    scene.run(20);
    assertThat(send(Segment.SYN, -1000, 0)).containsExactly("c S", "s .");
    assertThat(goneAfterS()).isBetween(40.93 - GRANULE_S, 40.93 + GRANULE_S);
  }

  @Test
  void synWithNewerSequenceBecomesRequest() {
    serverInTimeWait(0);
    scene.run(2);
    assertThat(send(Segment.SYN, 100_000, 0)).containsExactly("c S", "s S.");
    assertThat(scene.serverGauge(SocketGauges.SYN_RECV)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1"})
  void resetEndsTimeWaitUnlessRfc1337(int rfc1337, int left) {
    scene.set(Sysctl.TCP_RFC1337, rfc1337);
    serverInTimeWait(0);
    scene.run(2);
    assertThat(send(Segment.RST, 0, 0)).containsExactly("c R");
    assertThat(scene.serverGauge(SocketGauges.TIME_WAIT)).isEqualTo(left);
  }

  @ParameterizedTest
  @ValueSource(ints = {Segment.PSH | Segment.ACK, Segment.FIN | Segment.ACK})
  void dataOrFinIsAcknowledgedAndRestartsTimeWait(int flags) {
    serverInTimeWait(0);
    scene.run(20);
    boolean fin = (flags & Segment.FIN) != 0;
    List<String> flow = send(flags, fin ? -1 : 0, fin ? 0 : 1);
    assertThat(flow).hasSize(2).last().isEqualTo("s .");
    assertThat(goneAfterS()).isBetween(60.0, 62.1);
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0, 1, OK",
    "0.5, 1, 1, OK",
    "1.5, 0, 1, OK",
    "1.5, 1, 1, OK",
    "1.5, 1, 0, EADDRNOTAVAIL",
    "1.5, 2, 1, OK"
  })
  void boundPortIsReusedOverTimeWaitWithTimestamps(
      double waitS, int twReuse, int timestamps, String second) {
    scene.set(Sysctl.TCP_TW_REUSE, twReuse);
    scene.set(Sysctl.TCP_TIMESTAMPS, timestamps).build();
    scene.server.whenAccepted = s -> s.whenEnded = s::close;
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    connectFromPort();
    scene.clientDoes(client::close);
    scene.run(waitS);
    assertThat(scene.clientTcp().gauges().value(SocketGauges.TIME_WAIT)).isEqualTo(1);
    connectFromPort();
    assertThat(client.errno == 0 ? "OK" : Errno.name(client.errno)).isEqualTo(second);
    assertThat(client.isConnected()).isEqualTo(second.equals("OK"));
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, EADDRINUSE",
    "true, true, OK",
    "false, false, EADDRINUSE",
    "false, true, OK"
  })
  void listenerComesBackOnlyWithReuseAddress(boolean timeWait, boolean reuse, String result) {
    SocketOptions options = reuse ? REUSE : SocketOptions.DEFAULT;
    scene.build();
    scene.server.whenAccepted = s -> server = s;
    int[] listener = new int[2];
    scene.serverDoes(() -> listener[0] = scene.server.listen(Scene.PORT, 128, options));
    connectFromPort();
    client.whenEnded = client::close;
    if (timeWait) {
      scene.serverDoes(server::close);
      scene.run(0.1);
    }
    scene.serverDoes(() -> scene.server.closeListener(listener[0]));
    scene.serverDoes(() -> listener[1] = scene.server.listen(Scene.PORT, 128, options));
    assertThat(listener[1] >= 0 ? "OK" : Errno.name(-listener[1])).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({"100, 300, 100, 200", "0, 20, 0, 20", "1000, 300, 300, 0"})
  void bucketLimitEndsConnectionsAtOnce(int limit, int n, int left, int overflows) {
    scene.set(Sysctl.TCP_MAX_TW_BUCKETS, limit).build();
    List<Connection> accepted = new ArrayList<>();
    scene.server.whenAccepted = accepted::add;
    scene.serverDoes(() -> scene.server.listen(Scene.PORT, 1024, SocketOptions.DEFAULT));
    for (int i = 0; i < n; i++) {
      scene.client.at(
          scene.nowNs() + 1 + i * Conditions.MS_NS,
          () -> {
            Connection c =
                scene.client.connect(scene.server.address(), Scene.PORT, SocketOptions.DEFAULT);
            c.whenConnected = c::close;
          });
    }
    scene.run(0.6);
    scene.serverDoes(() -> accepted.forEach(Connection::close));
    scene.run(1);
    assertThat(scene.clientTcp().gauges().value(SocketGauges.TIME_WAIT)).isEqualTo(left);
    assertThat(scene.clientTcp().counter(Mib.TIME_WAIT_OVERFLOW)).isEqualTo(overflows);
    assertThat(scene.serverGauge(SocketGauges.LAST_ACK)).isZero();
    assertThat(scene.packets.stream().filter(p -> p.is(Segment.RST)).count()).isEqualTo(overflows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void portsAreUsedEvenOnesFirstPerDestination(int destinations) {
    scene.set(Sysctl.PORT_RANGE_FIRST, FIRST_PORT);
    scene.set(Sysctl.PORT_RANGE_LAST, FIRST_PORT + 99).build();
    for (int i = 0; i < destinations; i++) {
      int port = Scene.PORT + i;
      scene.serverDoes(() -> scene.server.listen(port, 1024, SocketOptions.DEFAULT));
    }
    List<Connection> made = new ArrayList<>();
    for (int i = 0; i < 100 * destinations + 1; i++) {
      int port = Scene.PORT + i % destinations;
      scene.clientDoes(
          () ->
              made.add(scene.client.connect(scene.server.address(), port, SocketOptions.DEFAULT)));
    }
    scene.run(0.1);
    assertThat(made.get(100 * destinations).errno).isEqualTo(Errno.EADDRNOTAVAIL);
    assertThat(made.stream().filter(Connection::isConnected).count())
        .isEqualTo(100L * destinations);
    List<Integer> order = new ArrayList<>();
    for (Packet p : scene.packets) {
      if (p.fromClient() && p.is(Segment.SYN)) {
        order.add(p.ports() >>> 16);
      }
    }
    int half = order.size() / 2;
    assertThat(order.subList(0, half)).allMatch(p -> p % 2 == 0);
    assertThat(order.subList(half, order.size())).allMatch(p -> p % 2 == 1);
    if (destinations == 1) {
      Set<Integer> steps = new HashSet<>();
      for (int i = 1; i < 8; i++) {
        steps.add(Math.floorMod(order.get(i) - order.get(i - 1), 100));
      }
      assertThat(steps).allMatch(step -> step >= 2 && step <= 16);
    }
  }
}
