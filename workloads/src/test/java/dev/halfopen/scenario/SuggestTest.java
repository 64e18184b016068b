package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestTest {
  @Test
  void swappedLettersAreOneEdit() {
    assertThat(Suggest.distance("resue", "reuse")).isEqualTo(1);
    assertThat(Suggest.distance("", "abc")).isEqualTo(3);
    assertThat(Suggest.distance("kitten", "sitting")).isEqualTo(3);
  }

  @Test
  void strangersAreNotSuggested() {
    assertThat(Suggest.nearest("bananas", List.of("rate", "closer"))).isEmpty();
    assertThat(Suggest.nearest("idelPool", List.of("idlePool", "closer"))).contains("idlePool");
  }
}
