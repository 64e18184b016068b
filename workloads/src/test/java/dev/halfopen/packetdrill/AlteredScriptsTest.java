package dev.halfopen.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The front end has teeth: a script with one flag, one number or one time altered fails. All
 * outbound packets of all our scripts are altered, one at a time.
 */
class AlteredScriptsTest {
  private static final Pattern SENT_AT_ONCE =
      Pattern.compile("^(\\s*)\\+0 > ([A-Z]*\\.?) (\\d+):(\\d+)(\\(\\d+\\))( ack (\\d+))?(.*)$");
  private static final int MANY = 150;

  private interface Change {
    /** The altered line, or the same one if the change does not apply to it. */
    String alter(String line, Matcher m);
  }

  private static List<String> survivors(Change change, int[] altered) {
    List<String> survivors = new ArrayList<>();
    for (OwnScripts script : OwnScripts.all()) {
      List<String> lines = script.text().lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        Matcher m = SENT_AT_ONCE.matcher(lines.get(i));
        if (!m.matches()) {
          continue;
        }
        String other = change.alter(lines.get(i), m);
        if (other.equals(lines.get(i))) {
          continue;
        }
        List<String> copy = new ArrayList<>(lines);
        copy.set(i, other);
        altered[0]++;
        Outcome o = OwnScripts.linux().run(script.name(), String.join("\n", copy));
        if (o.result() != Outcome.Result.FAIL || o.line() < i + 1) {
          survivors.add(script.name() + ":" + (i + 1) + " " + other + " -> " + o);
        }
      }
    }
    return survivors;
  }

  private static void allFail(Change change) {
    int[] altered = new int[1];
    assertThat(survivors(change, altered)).isEmpty();
    assertThat(altered[0]).isGreaterThan(MANY);
  }

  @Test
  void failsWithAnotherFlag() {
    allFail(
        (line, m) -> {
          String flags = m.group(2);
          String other = flags.startsWith("F") ? flags.substring(1) : "F" + flags;
          return line.replaceFirst("> " + Pattern.quote(flags) + " ", "> " + other + " ");
        });
  }

  @Test
  void failsWithAnotherSequenceNumber() {
    allFail(
        (line, m) -> {
          if (m.group(2).contains("S")) {
            return line;
          }
          long seq = Long.parseLong(m.group(3)) + 1;
          long end = Long.parseLong(m.group(4)) + 1;
          return line.replaceFirst("\\d+:\\d+\\(", seq + ":" + end + "(");
        });
  }

  @Test
  void failsWithAnotherAcknowledgment() {
    allFail(
        (line, m) ->
            m.group(6) == null
                ? line
                : line.replaceFirst("ack \\d+", "ack " + (Long.parseLong(m.group(7)) + 1)));
  }

  @Test
  void failsWith20MillisecondsMore() {
    allFail((line, m) -> line.replaceFirst("\\+0 >", "+.02 >"));
  }
}
