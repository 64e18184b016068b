package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import org.junit.jupiter.api.Test;

class IdlePoolTest {
  private final UpstreamConnections connections =
      new UpstreamConnections(new MemoryBudget(1 << 24));
  private final IdlePool pool = new IdlePool(connections, 3, 2);

  private int idleTo(int peer) {
    int row = connections.create();
    connections.peer(peer);
    pool.add(row, peer);
    return row;
  }

  @Test
  void givesTheConnectionUsedLastAndOfThatUpstreamOnly() {
    int a = idleTo(0);
    int b = idleTo(0);
    int c = idleTo(1);
    assertThat(pool.isFull()).isTrue();
    assertThat(pool.oldest()).isEqualTo(a);
    assertThat(pool.take(0)).isEqualTo(b);
    assertThat(pool.take(1)).isEqualTo(c);
    assertThat(pool.take(1)).isZero();
    assertThat(pool.take(0)).isEqualTo(a);
    assertThat(pool.size()).isZero();
    assertThat(pool.peak()).isEqualTo(3);
  }

  @Test
  void forgetsAConnectionThatWasClosed() {
    int a = idleTo(0);
    int b = idleTo(0);
    pool.remove(b, 0);
    assertThat(pool.take(0)).isEqualTo(a);
    assertThat(pool.take(0)).isZero();
  }
}
