package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderTest {
  @Test
  void goesByKindThenNodeThenEmission() {
    long[] ascending = {
      Order.of(Order.FAULT, 0, 0),
      Order.of(Order.FAULT, Order.NODES - 1, Order.EMISSIONS - 1),
      Order.of(Order.TIMER, 0, 0),
      Order.of(Order.PACKET, 0, Order.EMISSIONS - 1),
      Order.of(Order.PACKET, 1, 0),
      Order.of(Order.PACKET, 1, 1),
      Order.of(Order.PACKET, Order.NODES - 1, 0),
      Order.of(Order.APP_TIMER, 0, 0),
      Order.of(Order.SAMPLE, Order.NODES - 1, Order.EMISSIONS - 1),
    };
    assertThat(ascending).isSorted().doesNotHaveDuplicates();
    assertThat(ascending[0]).isNotNegative();
  }

  @Test
  void givesBackItsParts() {
    long order = Order.of(Order.SAMPLE, 1_234_567, 98_765_432_109L);
    assertThat(Order.kind(order)).isEqualTo(Order.SAMPLE);
    assertThat(Order.node(order)).isEqualTo(1_234_567);
    assertThat(Order.emission(order)).isEqualTo(98_765_432_109L);
  }
}
