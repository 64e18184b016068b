package dev.halfopen.tcp;

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
  @Tag("long")
  void keepsItsInvariantsForLong() {
    Seeds.each(
        StackFuzzTest.class,
        "keepsItsInvariantsForLong",
        20_000,
        seed -> StackFuzzer.run(seed, 600));
  }
}
