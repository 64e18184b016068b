package dev.halfopen.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.Order;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A segment in the event queue: what one end writes, the other reads. */
class SegmentTest {
  private static final int MOST_SOCKET = (1 << Segment.SOCKET_BITS) - 1;

  private final long[] words = new long[EventQueue.WORDS + 3];

  private Segment queued(Segment s, int host) {
    s.write(words, 3, host);
    Segment read = new Segment();
    read.readQueued(words, 3);
    return read;
  }

  @Test
  void everyFieldComesThrough() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      Segment s = any(random);
      int host = random.nextInt(Order.NODES);
      Segment read = queued(s, host);
      assertThat(read).usingRecursiveComparison().isEqualTo(s);
      assertThat(Segment.destinationHost(words, 3)).isEqualTo(host);
      assertThat(Segment.toSocket(words, 3)).isEqualTo(s.toSocket);
    }
  }

  private static Segment any(SplittableRandom random) {
    Segment s = new Segment();
    s.source = random.nextInt();
    s.destination = random.nextInt();
    s.ports = random.nextInt();
    s.seq = random.nextInt();
    s.ack = random.nextInt();
    s.flags = random.nextInt(32);
    s.length = random.nextInt(1 << 16);
    s.window = random.nextInt(1 << 16);
    s.options = random.nextInt(256);
    s.tsValue = random.nextInt();
    s.tsEcho = random.nextInt();
    if (s.has(Segment.SYN)) {
      s.mss = random.nextInt(1 << 16);
      s.windowScale = random.nextInt(15);
      s.mark = s.mss << 16 | s.windowScale << 8;
    } else {
      s.mark = random.nextInt();
    }
    s.fromSocket = random.nextBoolean() ? MOST_SOCKET : random.nextInt(MOST_SOCKET);
    s.toSocket = random.nextBoolean() ? MOST_SOCKET : random.nextInt(MOST_SOCKET);
    return s;
  }

  @Test
  void socketsStayInTheQueue() {
    Segment s = any(new SplittableRandom(2));
    s.write(words, 3);
    Segment.sideRecord(words, 3, 13);
    Segment read = new Segment();
    read.read(words, 3);
    assertThat(read.fromSocket).isZero();
    assertThat(read.toSocket).isZero();
    assertThat(Segment.sideRecord(words, 3)).isEqualTo(13);
  }

  private boolean mayNeedDemux(int socket, int flags, int length) {
    Segment s = new Segment();
    s.toSocket = socket;
    s.flags = flags;
    s.length = length;
    queued(s, 0);
    return Segment.mayNeedDemux(words, 3);
  }

  @Test
  void theDemuxIsNeededWithoutAConnectionAndWhereItMayEnd() {
    int connection = 5;
    int request = 1 << Segment.SOCKET_BITS - 1 | 5;
    int data = Segment.ACK | Segment.PSH;
    assertThat(mayNeedDemux(0, Segment.SYN, 0)).isTrue();
    assertThat(mayNeedDemux(0, data, 100)).isTrue();
    assertThat(mayNeedDemux(request, data, 100)).isTrue();
    assertThat(mayNeedDemux(connection, data, 100)).isFalse();
    assertThat(mayNeedDemux(connection, Segment.ACK, 100)).isFalse();
    assertThat(mayNeedDemux(connection, Segment.ACK, 0)).isTrue();
    assertThat(mayNeedDemux(connection, data | Segment.FIN, 100)).isTrue();
  }
}
