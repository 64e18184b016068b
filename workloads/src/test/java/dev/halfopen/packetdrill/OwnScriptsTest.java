package dev.halfopen.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every script of ours passes, wherever the jiffies of the host stand. */
class OwnScriptsTest {
  private static final int FEWEST = 80;
  private static final int PHASES = 8;
  private static final long JIFFY_NS = 4_000_000;

  static List<OwnScripts> scripts() {
    return OwnScripts.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  void passesAtEveryPhase(OwnScripts script) {
    for (int phase = 0; phase < PHASES; phase++) {
      long phaseNs = phase * 1_000_003L + (long) phase * phase * phase * JIFFY_NS;
      Outcome outcome = OwnScripts.linux().run(script.name(), script.text(), phaseNs);
      assertThat(outcome)
          .as(
              "./halfopen packetdrill workloads/%s/%s (phase %d)",
              OwnScripts.ROOT, script.name(), phaseNs)
          .isEqualTo(Outcome.passed(script.name()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  void saysHowItWasChecked(OwnScripts script) {
    assertThat(script.text().lines().takeWhile(l -> l.startsWith("//")))
        .anyMatch(l -> l.contains("Verified on Linux") || l.contains("Oracle O"));
  }

  @Test
  void thereAreEnough() {
    assertThat(scripts()).hasSizeGreaterThanOrEqualTo(FEWEST);
  }
}
