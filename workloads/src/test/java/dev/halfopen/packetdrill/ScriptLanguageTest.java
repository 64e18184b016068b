package dev.halfopen.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halfopen.net.Segment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the language means, in its smallest pieces. */
class ScriptLanguageTest {
  private static Script.Event only(String text) {
    return ScriptParser.parse(text, Map.of()).events().get(0);
  }

  private static Script.Packet packet(String text) {
    return ((Script.Outbound) only(text).action()).packet();
  }

  @Test
  void readsTimes() {
    assertThat(only("+.25 > . 1:1(0) ack 1").time())
        .isEqualTo(new Script.Time(Script.TimeKind.RELATIVE, 250_000, 250_000, -1));
    assertThat(only("2 > . 1:1(0) ack 1").time())
        .isEqualTo(new Script.Time(Script.TimeKind.ABSOLUTE, 2_000_000, 2_000_000, -1));
    assertThat(only("+1~+1.5 > . 1:1(0) ack 1").time())
        .isEqualTo(new Script.Time(Script.TimeKind.RELATIVE, 1_000_000, 1_500_000, -1));
    assertThat(only("* > . 1:1(0) ack 1").time().kind()).isEqualTo(Script.TimeKind.ANY);
    assertThat(only("+0...30 connect(3, ..., ...) = 0").time().returnUs()).isEqualTo(30_000_000);
  }

  @Test
  void readsPackets() {
    Script.Packet p = packet("+0 > FP. 1:1001(1000) ack 7 win 512 <nop,nop,TS val 5 ecr 6>");
    assertThat(p.flags()).isEqualTo(Segment.FIN | Segment.PSH | Segment.ACK);
    assertThat(p.seq()).isEqualTo(1);
    assertThat(p.length()).isEqualTo(1000);
    assertThat(p.ack()).isEqualTo(7);
    assertThat(p.window()).isEqualTo(512);
    assertThat(TcpOption.shown(java.util.Objects.requireNonNull(p.options())))
        .isEqualTo("<nop,nop,TS val 5 ecr 6>");
  }

  @Test
  void tellsNoOptionsFromAnyOptions() {
    assertThat(packet("+0 > S 0:0(0)").options()).isEmpty();
    assertThat(packet("+0 > S 0:0(0) <...>").options()).isNull();
  }

  @Test
  void requiresTheWindowOfWhatArrives() {
    assertThatThrownBy(() -> only("+0 < S 0:0(0)"))
        .isInstanceOf(ScriptException.Failed.class)
        .hasMessageContaining("'win'");
  }

  @Test
  void skipsComments() {
    assertThat(ScriptParser.parse("// one\n/* two\n */ +0 > R 1:1(0) // three", Map.of()).events())
        .hasSize(1);
  }

  @Test
  void comparisonsChain() {
    Map<String, Long> v = Map.of("a", 5L, "b", 7L);
    assertThat(value("3 < a <= 5 != b", v)).isEqualTo(1);
    assertThat(value("a < 6 < b - 1", v)).isZero();
    assertThat(value("(a & 4) + 2 * b == 18 and not b < a", v)).isEqualTo(1);
  }

  private static long value(String text, Map<String, Long> variables) {
    return new Evaluator(1, new TokenReader(Lexer.tokens(text)), variables).value();
  }

  @Test
  void unknownThingsAreUnsupportedNotFailed() {
    Packetdrill linux = OwnScripts.linux();
    assertThat(linux.run("x", "`rm -rf /`").result()).isEqualTo(Outcome.Result.UNSUPPORTED);
    assertThat(linux.run("x", "0 epoll_create(1) = 4").result())
        .isEqualTo(Outcome.Result.UNSUPPORTED);
    assertThat(linux.run("x", "+0 > S 0:0(0) <md5>").result())
        .isEqualTo(Outcome.Result.UNSUPPORTED);
    assertThat(linux.run("x", "--ip_version=ipv5").result()).isEqualTo(Outcome.Result.UNSUPPORTED);
  }

  @Test
  void unknownOptionsAndBadSyntaxFail() {
    Packetdrill linux = OwnScripts.linux();
    assertThat(linux.run("x", "--colour=red").result()).isEqualTo(Outcome.Result.FAIL);
    assertThat(linux.run("x", "0 listen(3 = 0").result()).isEqualTo(Outcome.Result.FAIL);
  }

  @Test
  void aPacketThatNobodyExpectedFailsAtTheEnd() {
    String text =
        """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
        +0 connect(3, ..., ...) = -1 EINPROGRESS
        +.1 close(3) = 0
        """;
    Outcome o = OwnScripts.linux().run("x", text);
    assertThat(o.result()).isEqualTo(Outcome.Result.FAIL);
    assertThat(o.detail()).contains("the script ends, but S ");
  }
}
