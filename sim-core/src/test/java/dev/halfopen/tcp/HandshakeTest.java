package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ends of a connection agree on must not depend on whom they spoke to before. */
class HandshakeTest {
  private static final int PORT = 80;
  private static final int ALL =
      Segment.OPT_MSS
          | Segment.OPT_TIMESTAMP
          | Segment.OPT_SACK_PERMITTED
          | Segment.OPT_WINDOW_SCALE;

  private final SysctlProfile sysctl = new SysctlProfile(KernelProfile.LINUX_6_18);
  private int port = 40_000;

  private static Segment only(List<Segment> sent) {
    assertThat(sent).hasSize(1);
    return sent.get(0);
  }

  private static Segment segment(TestHost to, int peer, int ports, int flags, int options) {
    Segment s = new Segment();
    s.source = peer;
    s.destination = to.address;
    s.ports = ports;
    s.flags = flags;
    s.options = options;
    s.mss = 1000;
    s.windowScale = 3;
    s.window = 10_000;
    s.seq = 5000;
    s.tsValue = 77;
    return s;
  }

  /** The options of the answer to a SYN with these. */
  private int answers(TestHost server, int options) {
    server.arrives(segment(server, TestHost.CLIENT, port++ << 16 | PORT, Segment.SYN, options));
    return only(server.takeSent()).options;
  }

  @Test
  void aListenerAnswersEachSynAsIfItWereTheFirst() {
    TestHost server = new TestHost(new TestClock(1_000_000_000L), TestHost.SERVER, sysctl, 1);
    server.listen(PORT, 100, new SocketOptions());
    for (int options : new int[] {ALL, Segment.OPT_MSS, ALL, 0, ALL & ~Segment.OPT_TIMESTAMP}) {
      assertThat(answers(server, options)).isEqualTo(options | Segment.OPT_MSS);
    }
    sysctl.set(Sysctl.TCP_TIMESTAMPS, 0);
    server.host.refresh();
    assertThat(answers(server, ALL)).isEqualTo(ALL & ~Segment.OPT_TIMESTAMP);
    sysctl.set(Sysctl.TCP_TIMESTAMPS, 1);
    sysctl.set(Sysctl.TCP_SACK, 0);
    server.host.refresh();
    assertThat(answers(server, ALL)).isEqualTo(ALL & ~Segment.OPT_SACK_PERMITTED);
  }

  @Test
  void aClientOffersWhatItsSysctlsAndItsInterfaceSayNow() {
    TestHost client = new TestHost(new TestClock(1_000_000_000L), TestHost.CLIENT, sysctl, 1);
    assertThat(offers(client).options).isEqualTo(ALL);
    assertThat(offers(client).mss).isEqualTo(1460);
    client.host.mtu(900);
    assertThat(offers(client).mss).isEqualTo(860);
    sysctl.set(Sysctl.TCP_WINDOW_SCALING, 0);
    client.host.refresh();
    assertThat(offers(client).options).isEqualTo(ALL & ~Segment.OPT_WINDOW_SCALE);
  }

  private static Segment offers(TestHost client) {
    client.calls().connect(TestHost.CLIENT, TestHost.SERVER, PORT, SocketOptions.DEFAULT, 1);
    return only(client.takeSent());
  }

  @Test
  void aClientTakesEachServerAtItsWord() {
    TestHost client = new TestHost(new TestClock(1_000_000_000L), TestHost.CLIENT, sysctl, 1);
    for (int options : new int[] {ALL, Segment.OPT_MSS, ALL}) {
      Segment syn = offers(client);
      int ports = syn.ports << 16 | syn.ports >>> 16;
      Segment answer = segment(client, TestHost.SERVER, ports, Segment.SYN | Segment.ACK, options);
      answer.ack = syn.seq + 1;
      answer.tsEcho = syn.tsValue;
      client.arrives(answer);
      assertThat(only(client.takeSent()).options).isEqualTo(options & Segment.OPT_TIMESTAMP);
    }
  }
}
