package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransitionsTest {
  @Test
  void areTheReviewedTable() {
    StringBuilder b = new StringBuilder();
    for (int from = 0; from < State.COUNT; from++) {
      b.append(State.name(from)).append(" ->");
      for (int to = 0; to < State.COUNT; to++) {
        if (Transitions.isLegal(from, to)) {
          b.append(' ').append(State.name(to));
        }
      }
      b.append('\n');
    }
    Golden.matches("transitions.txt", b.toString());
  }

  @Test
  void everyStateOfAConnectionCanEnd() {
    for (int s = State.SYN_SENT; s <= State.LAST_ACK; s++) {
      assertThat(Transitions.isLegal(s, State.CLOSED)).as(State.name(s)).isTrue();
    }
  }
}
