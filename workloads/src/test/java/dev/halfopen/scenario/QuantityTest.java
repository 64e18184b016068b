package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "DURATION, 5ns, 5",
    "DURATION, 2us, 2000",
    "DURATION, 0.4ms, 400000",
    "DURATION, 1.5 s, 1500000000",
    "DURATION, 30min, 1800000000000",
    "DURATION, 2h, 7200000000000",
    "SIZE, 700B, 700",
    "SIZE, 9KiB, 9216",
    "SIZE, 1.5MiB, 1572864",
    "SIZE, 24GiB, 25769803776",
    "BIT_RATE, 10Gbit/s, 10000000000",
    "BIT_RATE, 1.5Mbit/s, 1500000",
    "BIT_RATE, 64kbit/s, 64000",
    "COUNT, 32, 32",
    "COUNT, -1, -1"
  })
  void unitsAreMultiplesOfTheBase(ValueKind kind, String text, long base) {
    assertThat(Quantity.parse(kind, text).asLong()).isEqualTo(base);
  }

  @ParameterizedTest
  @CsvSource({"1000/s, 1000.0", "15/min, 0.25", "3600/h, 1.0", "0.5/s, 0.5"})
  void ratesAreExact(String text, double perSecond) {
    assertThat(Quantity.parse(ValueKind.RATE, text).perSecond()).isEqualTo(perSecond);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DURATION | 30 | \"30\" has no unit; write 30ms, 30s or 30min",
        "DURATION | 0.5ns | 0.5ns is not a whole number of nanoseconds",
        "DURATION | ten | \"ten\" is not a duration; write for example 10ms, 10s or 10min",
        "SIZE | 4KB | \"4KB\" is not a size (unknown unit KB); write 4B, 4KiB or 4MiB",
        "COUNT | 3s | \"3s\" is not a whole number; write it without a unit",
        "DURATION | 99999999999999h | 99999999999999h is too large"
      })
  void whatCannotBeReadSaysWhatToWrite(ValueKind kind, String text, String message) {
    assertThatThrownBy(() -> Quantity.parse(kind, text)).hasMessage(message);
  }

  @Test
  void rangesIncludeBothEnds() {
    Range range = Range.parse(ValueKind.RATE, "1/s..100000/s");
    assertThat(range.complaint(Quantity.parse(ValueKind.RATE, "1/s"))).isEmpty();
    assertThat(range.complaint(Quantity.parse(ValueKind.RATE, "6000000/min"))).isEmpty();
    assertThat(range.complaint(Quantity.parse(ValueKind.RATE, "59/min")))
        .contains("59/min is out of range; 1/s..100000/s");
  }

  @Test
  void reversedRangeIsRefused() {
    assertThatThrownBy(() -> Range.parse(ValueKind.COUNT, "5..1"))
        .hasMessage("\"5..1\" is reversed; the least value comes first");
  }
}
