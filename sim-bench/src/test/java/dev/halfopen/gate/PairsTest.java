package dev.halfopen.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairsTest {
  private static final List<Double> OF_IDENTICAL_TREES =
      List.of(-0.04, 0.03, 0.01, -0.02, 0.02, 0.0, -0.01, 0.05);

  @Test
  void identicalTreesPassWhicheverPairsAreDrawn() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 50; i++) {
      assertThat(Pairs.verdict(OF_IDENTICAL_TREES, 0, random, new ArrayList<>()))
          .isEqualTo(Verdict.PASS);
    }
  }

  @Test
  void treeThatIsSlowerByMoreThanTheNoiseFails() {
    SplittableRandom random = new SplittableRandom(1);
    List<Double> drawn = new ArrayList<>();
    assertThat(Pairs.verdict(OF_IDENTICAL_TREES, Math.log(1.25), random, drawn))
        .isEqualTo(Verdict.FAIL);
    assertThat(drawn).hasSize(Verdict.PAIRS_MIN);
  }

  @Test
  void pairIsPrintedSoThatItCanBeReadAgain() {
    assertThat(Pairs.line("churn", -0.0125)).isEqualTo("gate: pair churn -0.012500");
  }
}
