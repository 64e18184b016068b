package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Arbitrary segments, calls and waits at every state; see {@link StackFuzzer}. */
class StackFuzzTest {
  @Test
  void keepsItsInvariantsWhateverArrives() {
    Seeds.each(
        StackFuzzTest.class,
        "keepsItsInvariantsWhateverArrives",
        1500,
        seed -> StackFuzzer.run(seed, 150));
  }

  @Test
  void theSocketThatASegmentIsForIsOnlyAHint() {
    Seeds.each(
        StackFuzzTest.class,
        "theSocketThatASegmentIsForIsOnlyAHint",
        300,
        seed ->
            assertThat(StackFuzzer.answers(seed, 150, true))
                .isEqualTo(StackFuzzer.answers(seed, 150, false)));
  }

  @Test
  void keepsItsInvariantsWhateverBytesChoose() {
    Seeds.each(
        StackFuzzTest.class,
        "keepsItsInvariantsWhateverBytesChoose",
        200,
        seed -> {
          byte[] bytes = new byte[1000];
          new Random(seed).nextBytes(bytes);
          StackFuzzTarget.fuzzerTestOneInput(bytes);
        });
  }

  @Test
  @Tag("long")
  void keepsItsInvariantsForLong() {
    Seeds.each(
        StackFuzzTest.class,
        "keepsItsInvariantsForLong",
        20_000,
        seed -> StackFuzzer.run(seed, 600));
  }
}
