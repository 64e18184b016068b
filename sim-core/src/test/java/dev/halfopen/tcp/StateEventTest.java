package dev.halfopen.tcp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every state against every event: the new state, what is sent, what the application is told. The
 * text was reviewed against RFC 9293 section 3.10.7 and net/ipv4/tcp_input.c, tcp_minisocks.c;
 * numbers are relative, the peer's side stands at 1 (2 where it has sent FIN).
 */
class StateEventTest {
  private final Map<String, Supplier<StackFixture.Peer>> states = new LinkedHashMap<>();
  private final Map<String, Consumer<StackFixture.Peer>> events = new LinkedHashMap<>();

  StateEventTest() {
    states.put("CLOSED", () -> StackFixture.stack().peer(40_000));
    states.put("LISTEN", () -> StackFixture.listener().peer(40_000));
    states.put("SYN_SENT", StackFixture::synSent);
    states.put("SYN_RECV", StackFixture::synReceived);
    states.put("SYN_RECV (crossed)", StackFixture::crossedSyns);
    states.put("ESTABLISHED", StackFixture::established);
    states.put("ESTABLISHED (data out)", StateEventTest::establishedWithDataOut);
    states.put("ESTABLISHED (not accepted)", StateEventTest::notAccepted);
    states.put("FIN_WAIT_1", StackFixture::finWait1);
    states.put("FIN_WAIT_1 (orphan)", StackFixture::finWait1Orphan);
    states.put("FIN_WAIT_2", StackFixture::finWait2);
    states.put("FIN_WAIT_2 (orphan)", StackFixture::finWait2Orphan);
    states.put("CLOSE_WAIT", StackFixture::closeWait);
    states.put("CLOSING", StackFixture::closing);
    states.put("LAST_ACK", StackFixture::lastAck);
    states.put("TIME_WAIT", StackFixture::timeWait);
    segments();
    others();
  }

  private static StackFixture.Peer establishedWithDataOut() {
    StackFixture.Peer p = StackFixture.established();
    p.writes(100);
    p.got();
    return p;
  }

  private static StackFixture.Peer notAccepted() {
    return StackFixture.listener().peer(40_000).connects();
  }

  /** The sequence number that the stack expects next. */
  private static int next(StackFixture.Peer p) {
    return p.rcvNxt();
  }

  private void segment(String name, java.util.function.Function<StackFixture.Peer, String> text) {
    events.put(name, p -> p.sends(text.apply(p)));
  }

  private void segments() {
    segment("SYN again", p -> "S 0");
    segment("SYN in window", p -> "S " + (next(p) + 100));
    segment("SYN out of window", p -> "S " + (next(p) + 5_000_000));
    segment("SYN-ACK", p -> "S. 0 ack 1");
    segment("SYN-ACK of nothing", p -> "S. 0 ack 7777");
    segment("ACK", p -> ". " + next(p) + " ack " + p.sndNxt());
    segment("ACK of nothing new", p -> ". " + next(p) + " ack 1");
    segment("old ACK", p -> ". " + next(p) + " ack -100000");
    segment("ACK of unsent", p -> ". " + next(p) + " ack " + (p.sndNxt() + 10));
    segment("data in order", p -> "P. " + next(p) + "(10) ack 1");
    segment("data out of order", p -> "P. " + (next(p) + 10) + "(10) ack 1");
    segment("data old", p -> "P. " + (next(p) - 10) + "(10) ack 1");
    segment("data partly old", p -> "P. " + (next(p) - 5) + "(10) ack 1");
    segment("data beyond window", p -> "P. " + (next(p) + 1_000_000) + "(10) ack 1");
    segment("FIN", p -> "F. " + next(p) + " ack 1");
    segment("FIN with ACK of all", p -> "F. " + next(p) + " ack " + p.sndNxt());
    segment("FIN with data", p -> "FP. " + next(p) + "(10) ack " + p.sndNxt());
    segment("FIN out of order", p -> "F. " + (next(p) + 10) + " ack " + p.sndNxt());
    segment("FIN again", p -> "F. " + (next(p) - 1) + " ack 1");
    segment("RST exact", p -> "R " + next(p));
    segment("RST-ACK exact", p -> "R. " + next(p) + " ack " + p.sndNxt());
    segment("RST in window", p -> "R " + (next(p) + 100));
    segment("RST out of window", p -> "R " + (next(p) - 1));
    segment("RST far away", p -> "R " + (next(p) + 5_000_000));
    segment("no flags", p -> "- " + next(p) + "(10)");
    segment("no flags, far away", p -> "- " + (next(p) + 5_000_000) + "(10)");
    segment("FIN without ACK", p -> "F " + next(p));
  }

  private void others() {
    events.put("100 ms pass", p -> p.waits(100));
    events.put("3 s pass", p -> p.waits(3000));
    events.put("65 s pass", p -> p.waits(65_000));
    events.put("20 minutes pass", p -> p.waits(1_200_000));
    events.put("close()", p -> p.closes());
    events.put("shutdown()", p -> p.shutsDown());
    events.put("send(50)", p -> p.returned(p.writes(50)));
    events.put("receive()", p -> p.returned(p.reads()));
  }

  /** As one would send them: repetitions of a retransmission as one entry with a count. */
  private static String sent(StackFixture.Peer p) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String s : p.got()) {
      counts.merge(s, 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .map(e -> "[" + e.getKey() + "]" + (e.getValue() > 1 ? " x" + e.getValue() : ""))
        .collect(Collectors.joining(" "));
  }

  private static String outcome(
      Supplier<StackFixture.Peer> state, Consumer<StackFixture.Peer> event) {
    StackFixture.Peer p = state.get();
    p.fixture.h.takeTold();
    p.got();
    event.accept(p);
    String sent = sent(p);
    String told =
        p.fixture.h.takeTold().stream().map(Object::toString).collect(Collectors.joining(", "));
    String back = p.takeReturned();
    return "-> "
        + p.state()
        + (back.isEmpty() ? "" : ", returns " + back)
        + (sent.isEmpty() ? "" : ", sends " + sent)
        + (told.isEmpty() ? "" : ", tells " + told);
  }

  private static boolean isCall(String event) {
    return event.endsWith(")");
  }

  @Test
  void areTheReviewedOutcomes() {
    StringBuilder b = new StringBuilder();
    for (Map.Entry<String, Supplier<StackFixture.Peer>> s : states.entrySet()) {
      b.append(s.getKey()).append('\n');
      for (Map.Entry<String, Consumer<StackFixture.Peer>> e : events.entrySet()) {
        if (isCall(e.getKey()) && s.getValue().get().socket == 0) {
          continue;
        }
        b.append(
            String.format(
                Locale.ROOT, "  %-22s %s%n", e.getKey(), outcome(s.getValue(), e.getValue())));
      }
      b.append('\n');
    }
    Golden.matches("state-events.txt", b.toString().replace(System.lineSeparator(), "\n"));
  }
}
