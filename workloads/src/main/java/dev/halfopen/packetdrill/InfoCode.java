package dev.halfopen.packetdrill;

import dev.halfopen.tcp.TcpInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A script's code between percent-braces, which packetdrill hands to Python: statements over the
 * fields of TCP_INFO at that instant. Assertions, prints and assignments of numbers.
 */
final class InfoCode {
  private static final Pattern CONTINUED = Pattern.compile("\\\\[ \\t]*\\r?\\n");
  private static final Pattern COMMENT = Pattern.compile("#[^\\n]*");
  private static final Pattern STATEMENTS = Pattern.compile("[;\\n]");

  private final Map<String, Long> variables = new HashMap<>();

  InfoCode() {
    constants(
        "TCPI_OPT_TIMESTAMPS", 1,
        "TCPI_OPT_SACK", 2,
        "TCPI_OPT_WSCALE", 4,
        "TCPI_OPT_ECN", 8,
        "TCPI_OPT_ECN_SEEN", 16,
        "TCPI_OPT_SYN_DATA", 32,
        "TCP_CA_Open", 0,
        "TCP_CA_Disorder", 1,
        "TCP_CA_CWR", 2,
        "TCP_CA_Recovery", 3,
        "TCP_CA_Loss", 4,
        "TCP_INFINITE_SSTHRESH", 0x7fffffff);
    String[] states = {
      "ESTABLISHED",
      "SYN_SENT",
      "SYN_RECV",
      "FIN_WAIT1",
      "FIN_WAIT2",
      "TIME_WAIT",
      "CLOSE",
      "CLOSE_WAIT",
      "LAST_ACK",
      "LISTEN",
      "CLOSING"
    };
    for (int i = 0; i < states.length; i++) {
      variables.put("TCP_" + states[i], i + 1L);
    }
  }

  private void constants(Object... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      variables.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
    }
  }

  void run(int line, String code, TcpInfo info) {
    fields(info);
    String plain = COMMENT.matcher(CONTINUED.matcher(code).replaceAll(" ")).replaceAll("");
    for (String statement : STATEMENTS.split(plain)) {
      if (!statement.isBlank()) {
        statement(line, statement.strip());
      }
    }
  }

  private void statement(int line, String text) {
    List<Token> tokens = Lexer.tokens(text);
    TokenReader in = new TokenReader(tokens);
    Evaluator evaluator = new Evaluator(line, in, variables);
    if (in.takeWord("assert")) {
      if (evaluator.value() == 0) {
        throw new ScriptException.Failed(line, text + ": does not hold, " + mentioned(tokens));
      }
      return;
    }
    if (in.takeWord("print")) {
      return;
    }
    if (in.peek().kind() == Token.Kind.WORD && in.peek(1).is('=') && !in.peek(2).is('=')) {
      String name = in.word();
      in.next();
      variables.put(name, evaluator.value());
      return;
    }
    throw new ScriptException.Unsupported(line, "code: " + text);
  }

  private String mentioned(List<Token> tokens) {
    StringBuilder s = new StringBuilder();
    for (Token t : tokens) {
      Long value = t.kind() == Token.Kind.WORD ? variables.get(t.text()) : null;
      String shown = t.text() + " = " + value;
      if (value != null && s.indexOf(shown) < 0) {
        s.append(s.length() > 0 ? ", " : "").append(shown);
      }
    }
    return s.toString();
  }

  private void field(String name, long value) {
    variables.put("tcpi_" + name, value);
  }

  private void fields(TcpInfo i) {
    field("state", i.state);
    field("ca_state", i.caState);
    field("retransmits", i.retransmits);
    field("probes", i.probes);
    field("backoff", i.backoff);
    field("options", i.options);
    field("snd_wscale", i.sendScale);
    field("rcv_wscale", i.receiveScale);
    field("rto", i.rtoUs);
    field("ato", i.atoUs);
    field("snd_mss", i.sendMss);
    field("rcv_mss", i.receiveMss);
    field("unacked", i.unacked);
    field("sacked", i.sacked);
    field("lost", i.lost);
    field("retrans", i.retransmitted);
    field("rtt", i.rttUs);
    field("rttvar", i.rttVariationUs);
    field("snd_ssthresh", i.slowStartThreshold);
    field("snd_cwnd", i.congestionWindow);
    field("advmss", i.advertisedMss);
    field("min_rtt", i.minRttUs);
    field("notsent_bytes", i.notSentBytes);
    field("snd_wnd", i.sendWindow);
    field("rcv_wnd", i.receiveWindow);
  }
}
