package dev.halfopen.report;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.SocketVisitor;
import dev.halfopen.tcp.State;
import dev.halfopen.world.World;
import java.util.Arrays;
import java.util.List;

/**
 * The sockets of a world at an instant, sorted: by host, state as {@link #STATES} has them, local
 * port, addresses, remote port. 24 bytes each, from the run's budget while they are needed.
 */
final class SocketTable implements AutoCloseable {
  /** {@code ss}'s words for states, listeners first; the index is what a row holds. */
  private static final List<Integer> STATES =
      List.of(
          State.LISTEN,
          State.SYN_SENT,
          State.SYN_RECV,
          State.ESTABLISHED,
          State.FIN_WAIT_1,
          State.FIN_WAIT_2,
          State.CLOSE_WAIT,
          State.CLOSING,
          State.LAST_ACK,
          State.TIME_WAIT);

  private static final int WORDS = 3;
  private static final int QUEUE_BITS = 24;
  private static final int QUEUE_MAX = (1 << QUEUE_BITS) - 1;
  private static final String BILL = "socket listing";

  private final MemoryBudget budget;
  private final AddressTable addresses = new AddressTable();
  private final long bytes;

  /** Host 32 | state 16 | local port 16; local 32 | remote 32; remote port 16 | queues 24, 24. */
  private final long[] words;

  private int size;

  /**
   * Lists.
   *
   * @param hosts of the world, by their ids
   */
  SocketTable(World world, List<Host> hosts, MemoryBudget budget) {
    this(budget, count(world, hosts));
    for (Host h : hosts) {
      addresses.assign(h.firstAddress(), h.addressCount(), h.id());
      world.listListeners(
          h, (state, in, out, local, remote, ports) -> add(h.id(), state, in, out, 0, 0, ports));
    }
    world.listConnections(
        (state, in, out, local, remote, ports) ->
            add(addresses.hostOf(local), state, in, out, local, remote, ports));
    sort(0, size - 1);
  }

  /** An empty one with room for so many sockets. */
  SocketTable(MemoryBudget budget, long sockets) {
    this.budget = budget;
    this.bytes = MemoryBudget.arrayBytes(sockets * WORDS, Long.BYTES);
    budget.reserve(BILL, bytes);
    this.words = new long[Math.toIntExact(sockets * WORDS)];
  }

  private static long count(World world, List<Host> hosts) {
    long[] count = new long[1];
    SocketVisitor counter = (state, in, out, local, remote, ports) -> count[0]++;
    hosts.forEach(h -> world.listListeners(h, counter));
    world.listConnections(counter);
    return count[0];
  }

  /** Adds a row at the end. */
  void add(int host, int state, int in, int out, int local, int remote, int ports) {
    int at = size++ * WORDS;
    words[at] = (long) host << 32 | (long) STATES.indexOf(state) << 16 | ports >>> 16;
    words[at + 1] = (long) local << 32 | remote & 0xFFFFFFFFL;
    words[at + 2] =
        (long) (ports & 0xFFFF) << 2 * QUEUE_BITS
            | (long) Math.min(in, QUEUE_MAX) << QUEUE_BITS
            | Math.min(out, QUEUE_MAX);
  }

  int size() {
    return size;
  }

  int host(int row) {
    return (int) (words[row * WORDS] >>> 32);
  }

  /** Of {@link State}. */
  int state(int row) {
    return STATES.get((int) words[row * WORDS] >>> 16);
  }

  int localPort(int row) {
    return (int) words[row * WORDS] & 0xFFFF;
  }

  int localAddress(int row) {
    return (int) (words[row * WORDS + 1] >>> 32);
  }

  int remoteAddress(int row) {
    return (int) words[row * WORDS + 1];
  }

  int remotePort(int row) {
    return (int) (words[row * WORDS + 2] >>> 2 * QUEUE_BITS);
  }

  /** Bytes, 16 MiB at most; of a listener connections. */
  int receiveQueue(int row) {
    return (int) (words[row * WORDS + 2] >>> QUEUE_BITS) & QUEUE_MAX;
  }

  int sendQueue(int row) {
    return (int) words[row * WORDS + 2] & QUEUE_MAX;
  }

  @Override
  public void close() {
    budget.release(BILL, bytes);
  }

  // ---- Hoare's quicksort over rows; no two rows are equal but for their queues

  private int compare(int row, long a, long b, long c) {
    int at = row * WORDS;
    int order = Long.compare(words[at], a);
    order = order != 0 ? order : Long.compareUnsigned(words[at + 1], b);
    return order != 0 ? order : Long.compareUnsigned(words[at + 2], c);
  }

  private void swap(int i, int j) {
    for (int w = 0; w < WORDS; w++) {
      long x = words[i * WORDS + w];
      words[i * WORDS + w] = words[j * WORDS + w];
      words[j * WORDS + w] = x;
    }
  }

  /** Recurses into the smaller part, so that the stack stays small. */
  private void sort(int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high >>> 1) * WORDS;
      long[] pivot = Arrays.copyOfRange(words, middle, middle + WORDS);
      int i = low;
      int j = high;
      while (i <= j) {
        while (compare(i, pivot[0], pivot[1], pivot[2]) < 0) {
          i++;
        }
        while (compare(j, pivot[0], pivot[1], pivot[2]) > 0) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      if (j - low < high - i) {
        sort(low, j);
        low = i;
      } else {
        sort(i, high);
        high = j;
      }
    }
  }
}
