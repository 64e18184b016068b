package dev.halfopen.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate measures, and what it compares exactly. */
class GateLoadsTest {
  private static final double SECONDS = 0.25;

  @ParameterizedTest
  @ValueSource(strings = {"churn", "requests", "flood", "bulk"})
  void aLoadDoesItsWorkAndIsTheSameTwice(String name) {
    Sample sample = Measure.measure(name, GateLoads.of(name), SECONDS, SECONDS);
    assertThat(sample.done()).isPositive();
    assertThat(sample.failed()).isZero();
    assertThat(sample.packets()).isGreaterThanOrEqualTo(sample.done());
    Sample again = Measure.measure(name, GateLoads.of(name), SECONDS, SECONDS);
    assertThat(again.digest()).isEqualTo(sample.digest());
    assertThat(Sample.parse(sample.toLine())).isEqualTo(sample);
  }

  private static Sample sample(long events, long allocated, String digest) {
    return new Sample("churn", 1, 1000, 100, 0, events, 1000, allocated, digest);
  }

  @Test
  void namesEachFigureThatDiffers() {
    Sample base = sample(1200, 0, "aa");
    assertThat(Exactness.differences(base, base, Announcements.none())).isEmpty();
    assertThat(Exactness.differences(base, sample(1300, 2600, "bb"), Announcements.none()))
        .containsExactly(
            "churn allocation 0.0000 -> 2.0000",
            "churn events 12.0000 -> 13.0000",
            "churn digest aa -> bb");
  }

  @Test
  void toleratesWhatTheVirtualMachineAllocatesItself() {
    Sample base = sample(1_200_000, 800, "aa");
    assertThat(Exactness.differences(base, sample(1_200_000, 2500, "aa"), Announcements.none()))
        .isEmpty();
  }

  @Test
  void anAnnouncedChangeIsExcusedAndNoOther(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("announced.txt");
    Files.writeString(file, "# meant\n\nchurn digest aa -> bb: SACK blocks are sent\n");
    Announcements announced = Announcements.read(file);
    Sample base = sample(1200, 0, "aa");
    assertThat(Exactness.differences(base, sample(1200, 0, "bb"), announced)).isEmpty();
    assertThat(Exactness.differences(base, sample(1200, 0, "cc"), announced))
        .containsExactly("churn digest aa -> cc");
  }

  @Test
  void anAnnouncementNeedsAReason(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("announced.txt");
    Files.writeString(file, "# meant\nchurn digest aa -> bb\n");
    assertThatThrownBy(() -> Announcements.read(file))
        .hasMessageContaining("announced.txt:2:")
        .hasMessageContaining("LOAD FIGURE OLD -> NEW: why");
  }
}
