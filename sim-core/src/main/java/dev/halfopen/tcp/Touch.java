package dev.halfopen.tcp;

import dev.halfopen.engine.Order;
import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.Segment;

/**
 * Reads the demux lines and then the records that the next events will need, in tight loops, so
 * that their cache misses overlap instead of following one another: of packets, and of what
 * applications say that they will do soon. It only reads, what it reads may be stale, and nothing
 * depends on it but time.
 *
 * <p>While few connections are alive, their records have been read lately, and only their 4-tuples
 * lie anywhere: a packet that brings one into the demux or takes one out is then all that counts.
 */
public final class Touch {
  /** Events of a batch: more would push one another out of the first-level cache. */
  private static final int BATCH = 32;

  /** The same while few of them count. */
  private static final int BATCH_OF_TUPLES = 128;

  /** Flights that a batch takes at most, or nearly. */
  private static final int SPARE_FLIGHTS = 16;

  /** Most that is looked up for a batch; what is more is not read ahead. */
  private static final int PLACES = 2 * BATCH_OF_TUPLES;

  /**
   * Smaller demux tables stay in the second-level cache, where touching costs more than it saves.
   */
  private static final int LEAST_ENTRIES = 1 << 15;

  /** While fewer connections are alive than this, 1 MiB of records, they are few. */
  private static final int LEAST_CONNECTIONS = 1 << 14;

  private final Stack s;
  private final int[] hash = new int[PLACES];
  private final int[] entry = new int[PLACES];
  private final int[] ids = new int[BATCH];
  private final int[] rows = new int[PLACES];
  private int count;
  private int rowCount;
  private boolean areMany;

  /** Keeps the compiler from leaving out the reads. */
  private long touched;

  Touch(Stack s) {
    this.s = s;
  }

  /** Whether the tables have outgrown the cache. */
  public boolean isWorthIt() {
    areMany = s.tcb.live() >= LEAST_CONNECTIONS;
    return s.demux.size() >= LEAST_ENTRIES;
  }

  /** How many events to add before the next {@link #read}. */
  public int batch() {
    return areMany ? BATCH : BATCH_OF_TUPLES;
  }

  /**
   * Reads the connections of the timers that come next in the open slot of the wheel, and then
   * their Flights.
   *
   * @return how many timers it looked at: after so many it wants to be called again
   */
  public int timers(TimerWheel wheel) {
    if (s.tcb.live() < LEAST_CONNECTIONS) {
      return BATCH;
    }
    int n = wheel.ahead(ids);
    int found = 0;
    for (int i = 0; i < n; i++) {
      if (TimerIds.kind(ids[i]) == TimerIds.CONNECTION) {
        entry[found++] = s.tcb.flightOf(TimerIds.row(ids[i]));
      }
    }
    long sum = 0;
    for (int i = 0; i < found; i++) {
      sum += s.fl.touch(entry[i]);
    }
    touched += sum;
    return n;
  }

  /** Adds an event of the event queue to the batch; only packets count. */
  public void add(long[] words, int at) {
    if (Order.kind(words[at]) != Order.PACKET) {
      return;
    }
    int socket = Segment.toSocket(words, at);
    boolean isConnection = s.tcb.exists(socket);
    if (isConnection && (areMany || Segment.isBareAck(words, at))) {
      row(socket);
    }
    if (Segment.isFin(words, at)
        || !isConnection && (areMany || socket != 0 || Segment.isOpening(words, at))) {
      long addresses = words[at + 1];
      int ports = (int) (words[at + 2] >>> 32);
      tuple(Demux.hash((int) addresses, (int) (addresses >>> 32), ports << 16 | ports >>> 16));
    }
  }

  /** Adds a 4-tuple that will be looked for. */
  void tuple(int itsHash) {
    if (count < PLACES) {
      hash[count++] = itsHash;
    }
  }

  /** Adds a connection that an application will use. */
  void connection(long reference) {
    if (areMany && s.tcb.exists((int) reference)) {
      row((int) reference);
    }
  }

  private void row(int connection) {
    if (rowCount < PLACES) {
      rows[rowCount++] = connection;
    }
  }

  /** Reads what the batch will need, and empties it. */
  public void read() {
    if (rowCount != 0) {
      readConnections();
    }
    int n = count;
    count = 0;
    s.demux.touch(hash, n);
    s.demux.resolve(hash, entry, n);
    for (int i = 0; i < n; i++) {
      entry[i] = s.demux.flightOf(entry[i]);
    }
    if (areMany) {
      touchFlights(n);
      touched += s.fl.touchSpare(SPARE_FLIGHTS);
    }
  }

  /** Connections whose rows are known; a last ACK will take the 4-tuple out of the demux. */
  private void readConnections() {
    int n = rowCount;
    rowCount = 0;
    for (int i = 0; i < n; i++) {
      entry[i] = s.tcb.flightOf(rows[i]);
    }
    for (int i = 0; i < n; i++) {
      if (s.tcb.stateOf(rows[i]) == State.LAST_ACK) {
        tuple(s.tcb.hashOf(rows[i]));
      }
    }
    if (areMany) {
      touchFlights(n);
    }
  }

  /** Reads the Flights of a batch of connections, and what of theirs is to be acknowledged next. */
  private void touchFlights(int n) {
    long sum = 0;
    for (int i = 0; i < n; i++) {
      sum += s.fl.touchSecond(entry[i]);
      entry[i] = s.fl.sendHeadOf(entry[i]);
    }
    for (int i = 0; i < n; i++) {
      sum += s.sq.touch(entry[i]);
    }
    touched += sum;
  }

  /** What was read, for nobody. */
  long touched() {
    return touched;
  }
}
