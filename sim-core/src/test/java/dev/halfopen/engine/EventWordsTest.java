package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventWordsTest {
  private final long[] words = new long[14];

  @Test
  void writesAndReadsWordsBehindAnIndex() {
    EventWords.check(words, 7, EventQueue.WORDS);
    EventWords.put(words, 7, 6, -5);
    assertThat(words[13]).isEqualTo(-5);
    assertThat(EventWords.get(words, 7, 6)).isEqualTo(-5);
    assertThat(EventWords.get(words, 7, 0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"8,7", "-1,7", "-7,7", "-2147483648,7", "2147483647,7", "14,1", "0,15"})
  void refusesWordsThatAreNotThere(int at, int count) {
    assertThatThrownBy(() -> EventWords.check(words, at, count))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(count + " words at " + at + " of 14");
  }
}
