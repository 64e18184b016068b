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
 * <p>4-tuples lie anywhere, so those that packets will bring into the demux or take out of it are
 * read whenever the table has outgrown the cache. Most packets need no demux: they say which
 * connection they are for, and that is read once connections are many.
 */
public final class Touch {
  /** Events whose connections are read at once: more would push one another out of the cache. */
  public static final int BATCH = 32;

  /** Events whose 4-tuples are read at once: few of them have any, and one line each. */
  public static final int BATCH_OF_TUPLES = 4 * BATCH;

  /** Flights that are taken until the next batch, or nearly. */
  private static final int SPARE_FLIGHTS = BATCH / 2;

  /** TIME_WAITs likewise: a connection has ten packets, or more. */
  private static final int SPARE_TIME_WAITS = BATCH_OF_TUPLES / 10;

  /** Most that is looked up for a batch; what is more is not read ahead. */
  private static final int PLACES = 2 * BATCH_OF_TUPLES;

  /** After a batch without 4-tuples the next one that is looked at is the eighth. */
  private static final int PASSED_BY = 8;

  /** Smaller demux tables, 2 MiB, stay near enough: touching would cost more than it saves. */
  private static final int LEAST_ENTRIES = 1 << 17;

  /** Fewer connections alive than this, 1 MiB of records, have been read lately. */
  private static final int LEAST_CONNECTIONS = 1 << 14;

  private final Stack s;
  private final int[] hash = new int[PLACES];
  private final int[] entry = new int[PLACES];
  private final int[] ids = new int[BATCH];
  private final int[] rows = new int[PLACES];
  private int tuples;
  private int connections;

  /** 4-tuples that connect() will look for. */
  private final int[] opening = new int[BATCH_OF_TUPLES];

  private final int[] openingLocal = new int[BATCH_OF_TUPLES];
  private final int[] openingRemote = new int[BATCH_OF_TUPLES];
  private final int[] openingPorts = new int[BATCH_OF_TUPLES];
  private int openings;

  /** 4-tuples of packets for requests that have become connections. */
  private final int[] becoming = new int[BATCH_OF_TUPLES];

  private int became;

  /** Batches without a look at their packets, counted up to 0. */
  private int batches;

  /** Keeps the compiler from leaving out the reads. */
  private long touched;

  Touch(Stack s) {
    this.s = s;
  }

  /** Whether the demux has outgrown the cache. */
  public boolean wantsTuples() {
    return s.demux.size() >= LEAST_ENTRIES;
  }

  /** Whether the records of connections have. */
  public boolean wantsConnections() {
    return s.tcb.live() >= LEAST_CONNECTIONS;
  }

  /**
   * Reads the connections of the timers that come next in the open slot of the wheel, and then
   * their Flights.
   *
   * @return how many timers it looked at: after so many it wants to be called again
   */
  public int timers(TimerWheel wheel) {
    if (!wantsConnections()) {
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

  // ---- 4-tuples

  /**
   * Counts a batch; whether its packets are worth being looked at. Requests on connections that
   * live on have no 4-tuples to read: after a batch without any, most are passed by.
   */
  public boolean findsTuples() {
    return ++batches >= 0;
  }

  /** Adds the 4-tuple of an event of the event queue, if it is a packet that needs the demux. */
  public void addTuple(long[] words, int at) {
    if (Order.kind(words[at]) != Order.PACKET || !Segment.mayNeedDemux(words, at)) {
      return;
    }
    int socket = Segment.toSocket(words, at);
    if (s.tcb.exists(socket)) {
      add(socket);
    } else {
      long addresses = words[at + 1];
      int ports = (int) (words[at + 2] >>> 32);
      int itsHash =
          Demux.hash((int) addresses, (int) (addresses >>> 32), ports << 16 | ports >>> 16);
      if (socket != 0 && !s.req.isLiveAt(socket)) {
        become(itsHash);
      } else {
        tuple(itsHash);
      }
    }
  }

  /** Adds the 4-tuple of a packet for a request that has become a connection since. */
  private void become(int itsHash) {
    if (became < BATCH_OF_TUPLES) {
      becoming[became++] = itsHash;
    }
  }

  private void tuple(int itsHash) {
    if (tuples < PLACES) {
      hash[tuples++] = itsHash;
    }
  }

  /** Adds what a connect() looks at. */
  void opening(int local, int remote, int ports) {
    if (openings < BATCH_OF_TUPLES) {
      openingLocal[openings] = local;
      openingRemote[openings] = remote;
      openingPorts[openings] = ports;
      opening[openings++] = Demux.hash(local, remote, ports);
    }
  }

  /** Reads the 4-tuples that were added. */
  public void readTuples() {
    int n = connections;
    connections = 0;
    for (int i = 0; i < n; i++) {
      if (State.hasOwnFin(s.tcb.stateOf(rows[i]))) {
        tuple(s.tcb.hashOf(rows[i]));
      }
    }
    if (batches >= 0) {
      batches = tuples + openings == 0 ? -PASSED_BY : -1;
    }
    s.demux.touch(opening, openings);
    s.demux.touch(hash, tuples);
    tuples = 0;
    if (openings != 0) {
      readPorts();
    }
    if (became != 0) {
      readBecame();
    }
    touched += s.tw.touchSpare(SPARE_TIME_WAITS);
  }

  /** Where a port is taken, connect() looks at what has it, and goes on to the next but one. */
  private void readPorts() {
    int n = openings;
    openings = 0;
    s.demux.resolve(opening, entry, n);
    for (int i = 0; i < n; i++) {
      if (entry[i] != 0) {
        int local = openingLocal[i];
        int remote = openingRemote[i];
        int ports = openingPorts[i] + (2 << 16);
        s.demux.touchRecord(entry[i]);
        s.demux.touch(Demux.hash(local, remote, ports));
      }
    }
  }

  /** The connections are read with the next batch of them. */
  private void readBecame() {
    int n = became;
    became = 0;
    s.demux.touch(becoming, n);
    s.demux.resolve(becoming, entry, n);
    for (int i = 0; i < n; i++) {
      connection(Integer.toUnsignedLong(entry[i]));
    }
  }

  // ---- connections

  /** Adds the connection that an event of the event queue is for, if it is a packet. */
  public void addConnection(long[] words, int at) {
    if (Order.kind(words[at]) == Order.PACKET) {
      int socket = Segment.toSocket(words, at);
      if (s.tcb.exists(socket)) {
        add(socket);
      }
    }
  }

  /** Adds a connection that an application will use. */
  void connection(long reference) {
    if (wantsConnections() && s.tcb.exists((int) reference)) {
      add((int) reference);
    }
  }

  private void add(int row) {
    if (connections < PLACES) {
      rows[connections++] = row;
    }
  }

  /** Reads the connections that were added, their Flights, and what is to be acknowledged next. */
  public void readConnections() {
    int n = connections;
    connections = 0;
    for (int i = 0; i < n; i++) {
      entry[i] = s.tcb.flightOf(rows[i]);
    }
    long sum = 0;
    for (int i = 0; i < n; i++) {
      sum += s.fl.touchSecond(entry[i]);
      entry[i] = s.fl.sendHeadOf(entry[i]);
    }
    for (int i = 0; i < n; i++) {
      sum += s.sq.touch(entry[i]);
    }
    touched += sum + s.fl.touchSpare(SPARE_FLIGHTS);
  }

  /** What was read, for nobody. */
  long touched() {
    return touched;
  }
}
