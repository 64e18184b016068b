package dev.halfopen.net.capture;

import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Records the packets of a run in a pcapng file. Each shard has a {@link Tap}; a thread of its own
 * takes what they copy, filters, puts it in the order of the run and writes it.
 *
 * <p>The order is the instant, then the host at whose interface a packet was seen, then the order
 * of that host's own events: all three are the same however hosts are dealt to shards and shards to
 * threads, so the file is too. What happened at an instant is written once every shard is past it.
 */
public final class Capture implements Closeable {
  /** The writer looks this often for something to do. */
  private static final long IDLE_NS = 200_000;

  private static final int READ_MOST = 1 << 12;

  private final CaptureConfig config;
  private final PcapngFile file;
  private final PacketBytes bytes = new PacketBytes();
  private @Nullable Thread writer;
  private Tap[] taps = {};
  private RecordQueue[] queues = {};
  private CaptureView view = CaptureView.NOTHING;

  /** Up to where the caller says that all shards are done. */
  private volatile long doneNs = Long.MIN_VALUE;

  private volatile boolean isClosing;
  private volatile boolean ended;
  private volatile @Nullable IOException failure;

  /** Of the writer's thread until it has ended. */
  private long packets;

  private boolean reachedLimit;

  /** Places of the records of one instant: host 32 | nth of them. */
  private long[] keys = new long[16];

  private int[] shardOf = new int[16];
  private int[] nthOf = new int[16];

  /**
   * Makes the file.
   *
   * @throws IOException if it cannot be made
   */
  public Capture(CaptureConfig config) throws IOException {
    this.config = config;
    this.file = new PcapngFile(config.file, config.snapLength);
  }

  /**
   * Starts; called by the builder of the world, once.
   *
   * @param names for the filter
   * @throws IllegalArgumentException if the filter is none
   */
  public Tap[] begin(
      Host[] hosts, AddressTable addresses, PacketFilter.HostNames names, int shards) {
    if (writer != null) {
      throw new IllegalStateException("a capture is of one world");
    }
    String text = config.filter;
    view = new CaptureView(hosts, addresses, text == null ? null : PacketFilter.parse(text, names));
    taps = new Tap[shards];
    queues = new RecordQueue[shards];
    for (int i = 0; i < shards; i++) {
      taps[i] = new Tap(this);
      queues[i] = new RecordQueue();
    }
    Thread t = new Thread(() -> write(hosts), "halfopen capture");
    t.setDaemon(true);
    writer = t;
    t.start();
    return taps.clone();
  }

  /** All shards have run up to and including this instant. */
  public void passed(long nowNs) {
    doneNs = nowNs;
  }

  /** Nothing more is taken: the limit is reached, or the file cannot be written. */
  boolean hasEnded() {
    return ended;
  }

  /** Packets written; to be asked once it is closed. */
  public long packets() {
    return packets;
  }

  /**
   * Whether packets were left out because there were {@link CaptureConfig#packetsMax} already; to
   * be asked once it is closed.
   */
  public boolean reachedLimit() {
    return reachedLimit;
  }

  /**
   * Writes what is left and closes the file.
   *
   * @throws IOException if the file could not be written, now or before
   */
  @Override
  public void close() throws IOException {
    isClosing = true;
    Thread t = writer;
    boolean interrupted = false;
    while (t != null && t.isAlive()) {
      try {
        t.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    file.close();
    IOException e = failure;
    if (e != null) {
      throw e;
    }
  }

  // ---- the writer's thread

  private void write(Host[] hosts) {
    try {
      file.begin(hosts);
      boolean last;
      do {
        last = isClosing;
        long untilNs = last ? Long.MAX_VALUE : doneNs;
        boolean any = takeAll(last);
        release(taps.length == 1 && !last ? newestNs() - 1 : untilNs);
        if (!any && !last) {
          LockSupport.parkNanos(IDLE_NS);
        }
      } while (!last && !ended);
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new IOException("the capture failed: " + e, e);
    } finally {
      ended = true;
    }
  }

  /**
   * Takes what is in the rings, to the last record where nothing more will come; true if there was
   * something.
   */
  private boolean takeAll(boolean last) {
    boolean any = false;
    for (int i = 0; i < taps.length; i++) {
      RecordQueue queue = queues[i];
      int n;
      do {
        n =
            taps[i]
                .ring()
                .read(
                    (type, buffer, index, length) -> {
                      int at = queue.add();
                      long[] words = queue.words();
                      for (int w = 0; w < Tap.WORDS; w++) {
                        words[at + w] = buffer.getLong(index + w * Long.BYTES);
                      }
                      keepOrDrop(queue, words, at);
                    },
                    READ_MOST);
        any |= n > 0;
        // one shard needs to wait for nobody: its records need not pile up here
      } while (n > 0 && (last || taps.length > 1));
    }
    return any;
  }

  private void keepOrDrop(RecordQueue queue, long[] words, int at) {
    long left = config.packetsMax - packets;
    int before = queue.size() - 1;
    if (!view.takes(words, at) || before > left && words[at] > queue.timeNs(before - 1)) {
      queue.removeLast();
    }
  }

  private long newestNs() {
    RecordQueue only = queues[0];
    return only.size() == 0 ? Long.MIN_VALUE + 1 : only.timeNs(only.size() - 1);
  }

  /** Writes the records up to and including an instant. */
  private void release(long untilNs) throws IOException {
    while (!ended) {
      long nowNs = Long.MAX_VALUE;
      for (RecordQueue q : queues) {
        nowNs = q.size() == 0 ? nowNs : Math.min(nowNs, q.timeNs(0));
      }
      if (nowNs > untilNs || nowNs == Long.MAX_VALUE) {
        return;
      }
      releaseInstant(nowNs);
    }
  }

  private void releaseInstant(long nowNs) throws IOException {
    int n = 0;
    for (int shard = 0; shard < queues.length; shard++) {
      RecordQueue q = queues[shard];
      for (int i = 0; i < q.size() && q.timeNs(i) == nowNs; i++) {
        if (n == keys.length) {
          grow();
        }
        keys[n] = q.words()[q.at(i) + Tap.WHAT] & 0xFFFFFFFF_00000000L | n;
        shardOf[n] = shard;
        nthOf[n++] = i;
      }
    }
    Arrays.sort(keys, 0, n);
    for (int i = 0; i < n; i++) {
      int which = (int) keys[i];
      RecordQueue q = queues[shardOf[which]];
      write(q.words(), q.at(nthOf[which]));
    }
    for (RecordQueue q : queues) {
      int done = 0;
      while (done < q.size() && q.timeNs(done) == nowNs) {
        done++;
      }
      q.remove(done);
    }
  }

  private void grow() {
    keys = Arrays.copyOf(keys, 2 * keys.length);
    shardOf = Arrays.copyOf(shardOf, 2 * shardOf.length);
    nthOf = Arrays.copyOf(nthOf, 2 * nthOf.length);
  }

  private void write(long[] words, int at) throws IOException {
    if (packets >= config.packetsMax) {
      reachedLimit = true;
      ended = true;
      return;
    }
    bytes.make(words, at);
    long what = words[at + Tap.WHAT];
    file.packet(
        (int) (what >>> 32), words[at], (int) what != Tap.OUT, bytes.bytes(), bytes.length());
    packets++;
  }
}
