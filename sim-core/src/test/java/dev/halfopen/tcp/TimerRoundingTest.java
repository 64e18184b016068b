package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimerRoundingTest {
  private static final int HZ = 250;
  private static final int JIFFIES_PER_GRANULE_MOST = 1 << 18;

  /** Late by at most this beyond the granule: the packet clock against the tick, 1 ms. */
  private static final double READING_S = 0.0012;

  record Measured(String timer, double nominalS, double grainS, double minLateS, double maxLateS) {}

  /** The oracle's timer_wheel.csv: how late each timer of a measured 6.18 kernel was. */
  static List<Measured> measured() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                TimerRoundingTest.class.getResourceAsStream("timer_wheel.csv"),
                StandardCharsets.UTF_8))) {
      return in.lines()
          .skip(1)
          .map(line -> line.replaceAll("\"[^\"]*\"", "quoted").split(","))
          .map(
              c ->
                  new Measured(
                      c[0],
                      Double.parseDouble(c[1]),
                      Double.parseDouble(c[2]),
                      Double.parseDouble(c[4]),
                      Double.parseDouble(c[5])))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("measured")
  void coversWhatWasMeasured(Measured m) {
    int delay = (int) Math.round(m.nominalS * HZ);
    double least = Double.MAX_VALUE;
    double most = 0;
    for (int now = 0; now < JIFFIES_PER_GRANULE_MOST; now++) {
      double late = (TimerRounding.wheel(now, delay) - now - delay) / (double) HZ;
      least = Math.min(least, late);
      most = Math.max(most, late);
    }
    assertThat(m.minLateS).isGreaterThanOrEqualTo(least - 1.0 / HZ);
    assertThat(m.maxLateS).isLessThanOrEqualTo(most + READING_S);
    assertThat(most).isCloseTo(m.grainS, org.assertj.core.data.Offset.offset(1e-9));
  }

  /** {@code calc_wheel_index} of kernel/time/timer.c, level by level. */
  private static long naiveWheel(long now, long delay) {
    long expires = now + delay;
    long start = 63;
    for (int level = 0; level < 9; level++) {
      if (delay < start || level == 8) {
        long granule = 1L << 3 * level;
        return (expires + granule) / granule * granule;
      }
      start *= 8;
    }
    throw new AssertionError();
  }

  @Test
  void agreesWithTheKernelsLevels() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      int now = random.nextInt(1 << 30);
      int delay = random.nextInt(1 << random.nextInt(4, 25));
      assertThat(TimerRounding.wheel(now, delay)).isEqualTo((int) naiveWheel(now, delay));
    }
  }

  @Test
  void worksAcrossTheWrapOfJiffies() {
    int now = Integer.MAX_VALUE - 100;
    assertThat(TimerRounding.wheel(now, 250) - now).isBetween(251, 258);
    assertThat(TimerRounding.wheel(-100, 250) + 100).isBetween(251, 258);
  }

  /** {@code apply_slack} of kernel 3.10, kernel/timer.c. */
  private static long naiveSlack(long now, long delay) {
    long expires = now + delay;
    if (delay < 256) {
      return expires;
    }
    long limit = expires + delay / 256;
    long mask = expires ^ limit;
    if (mask == 0) {
      return expires;
    }
    int bit = 63 - Long.numberOfLeadingZeros(mask);
    return limit & ~((1L << bit) - 1);
  }

  @Test
  void agreesWithTheOldKernelsSlack() {
    Random random = new Random(2);
    for (int i = 0; i < 1_000_000; i++) {
      int now = random.nextInt(1 << 30);
      int delay = 1 + random.nextInt(1 << random.nextInt(4, 25));
      assertThat(TimerRounding.slack(now, delay)).isEqualTo((int) naiveSlack(now, delay));
    }
  }

  @Test
  void aTimerWithoutDelayFiresInTheNextJiffy() {
    assertThat(TimerRounding.slack(1000, 0)).isEqualTo(1001);
    assertThat(TimerRounding.wheel(1000, 0)).isEqualTo(1001);
  }
}
