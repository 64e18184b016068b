package dev.halfopen.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimsTest {
  /** To be empty in the end. */
  private static final List<String> NOT_THERE_YET = List.of("A15", "B14");

  private static final Claims CLAIMS = new Claims();

  static Stream<String> simulated() {
    return CLAIMS.ids().stream().filter(id -> !NOT_THERE_YET.contains(id));
  }

  @ParameterizedTest
  @MethodSource("simulated")
  void holds(String id) {
    ClaimResult result = CLAIMS.run(List.of(id)).get(0);
    assertThat(result.holds()).as("./halfopen claims %s: %s", id, result.simulated()).isTrue();
  }

  @Test
  void bothNotesAreThereWhole() {
    assertThat(CLAIMS.ids()).hasSize(17 + 15).doesNotHaveDuplicates();
    assertThat(CLAIMS.ids()).startsWith("A1").endsWith("B15");
  }

  @Test
  void whatHasNoSimulationIsNeitherRightNorWrong() {
    assertThat(CLAIMS.run(NOT_THERE_YET))
        .hasSameSizeAs(NOT_THERE_YET)
        .allMatch(r -> r.holds() == null && r.simulated() == null && !r.misses());
  }

  @Test
  void evidenceOfOneSentenceThatIsNotAsLinuxRefutesTheWhole() {
    Claim claim =
        new Claim("A1", "note", "linux", e -> e.show(true, "2 packets").show(false, "3 packets"));
    ClaimResult result = claim.judge();
    assertThat(result.misses()).isTrue();
    assertThat(result.simulated()).isEqualTo("2 packets; NOT AS LINUX: 3 packets");
  }

  @Test
  void sameClaimSaysTheSameTwice() {
    String first = CLAIMS.run(List.of("B1")).get(0).simulated();
    assertThat(Objects.requireNonNull(first))
        .isEqualTo(CLAIMS.run(List.of("B1")).get(0).simulated());
  }
}
