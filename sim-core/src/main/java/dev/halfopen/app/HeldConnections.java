package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Sockets;

/**
 * Opens a number of connections and holds them; then sends requests, each on a group of
 * neighbouring connections chosen at random, one request at a time on each. A request ends with the
 * last answer of its group. An idle connection costs it the 8 bytes of its socket and a bit; a
 * request under way a {@link Pages} row. While busy, a socket's handle is the row and its place in
 * the group. A request that takes too long is given up: its group's connections are closed, and not
 * opened anew.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class HeldConnections extends Application implements Expiry, LoadSource {
  private static final int TIMER_OPEN = 1;
  private static final int TIMER_REQUEST = 2;
  private static final int TIMER_TIMEOUT = 3;
  private static final int IDLE = 0;
  private static final int PLACE_BITS = 7;
  private static final long NO_SOCKET = -1;

  /** From the last connect() to the first request: handshakes that lost a SYN are through. */
  private static final long SETTLE_NS = 2_000_000_000L;

  private final HeldConnectionsConfig config;
  private final int groups;
  private LoadStats stats;
  private SocketList connections;
  private Pages pages;
  private Delays timeouts;
  private Arrivals opens;
  private Arrivals requests;

  /** One bit for each group that is busy. */
  private long[] busy = new long[0];

  private int mark;
  private int opened;
  private long established;
  private long refused;
  private long lost;
  private long drawn;

  /** Draws, and after them those whose groups have been said to come. */
  private long foreseen;

  private long issued;
  private int nextAddress;

  public HeldConnections(HeldConnectionsConfig config) {
    this.config = config;
    int k = config.perRequest;
    if (k < 1 || k > HeldConnectionsConfig.PER_REQUEST_MOST || config.connections % k != 0) {
      throw new IllegalArgumentException(
          config.connections + " connections, " + k + " of them to a request");
    }
    this.groups = config.connections / k;
  }

  @Override
  public LoadStats stats() {
    return stats;
  }

  /** Connections that were established. */
  public long established() {
    return established;
  }

  /** connect() calls that failed, at once or later, and connections that ended. */
  public long gone() {
    return refused + lost;
  }

  /** When the first request may be due. */
  public static long requestsFromNs(long connections, long opensPerSecond) {
    return connections * ClientFarmConfig.SECOND_NS / opensPerSecond + SETTLE_NS;
  }

  @Override
  public void start(long nowNs) {
    MemoryBudget memory = context().memory();
    stats = new LoadStats(config.requests, config.serverAddresses.length, memory);
    connections = new SocketList(config.connections, memory);
    pages = new Pages(memory);
    timeouts = Delays.timeout(this, this, pages, config.requests.timeoutNs, TIMER_TIMEOUT);
    memory.reserve("heldSockets", MemoryBudget.arrayBytes((groups >>> 6) + 1, Long.BYTES));
    busy = new long[(groups >>> 6) + 1];
    int bytes = config.requests.responseBytes == null ? 0 : size(config.requests.responseBytes);
    mark = HttpMarks.request(false, false, bytes);
    opens =
        Arrivals.constant(
            config.opensPerSecond,
            ClientFarmConfig.SECOND_NS,
            0,
            Long.MAX_VALUE,
            config.connections);
    config.requests.fromNs = requestsFromNs(config.connections, config.opensPerSecond);
    requests = Arrivals.of(config.requests, context().seed(), host().id());
    openDue(nowNs);
    if (requests.nextNs() != Arrivals.NEVER) {
      timerAt(requests.nextNs(), TIMER_REQUEST, 0);
    }
  }

  private static int size(Distribution bytes) {
    return Math.max(1, bytes.sampleInt(0));
  }

  @Override
  public void finish(long nowNs) {
    long oldest = LoadStats.NEVER;
    for (int row = 1; row <= pages.highWater(); row++) {
      pages.move(row);
      if (pages.isUnderWay()) {
        oldest = oldest == LoadStats.NEVER ? pages.dueNs() : Math.min(oldest, pages.dueNs());
      }
    }
    stats.finish(nowNs, oldest);
    for (int row = 1; row <= pages.highWater(); row++) {
      pages.move(row);
      if (pages.isUnderWay()) {
        int first = pages.owner() * config.perRequest;
        int worst = unanswered(first);
        int n = sockets().timeouts(connections.get(worst));
        stats.waits(nowNs, pages.dueNs(), LoadStats.NEVER, n, server(worst));
      }
    }
  }

  /** Of a group's connections the one with most timeouts; without any the first. */
  private int unanswered(int first) {
    int worst = first;
    for (int i = first + 1; i < first + config.perRequest; i++) {
      if (sockets().timeouts(connections.get(i)) > sockets().timeouts(connections.get(worst))) {
        worst = i;
      }
    }
    return worst;
  }

  private int server(int connection) {
    return connection % config.serverAddresses.length;
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    if (kind == TIMER_OPEN) {
      openDue(nowNs);
      return;
    }
    if (kind == TIMER_TIMEOUT) {
      timeouts.fired(nowNs, argument);
      return;
    }
    while (requests.nextNs() <= nowNs) {
      request(nowNs, requests.nextNs());
      requests.advance();
    }
    if (requests.nextNs() != Arrivals.NEVER) {
      timerAt(requests.nextNs(), TIMER_REQUEST, 0);
    }
  }

  private void openDue(long nowNs) {
    while (opens.nextNs() <= nowNs) {
      open();
      opens.advance();
    }
    if (opens.nextNs() != Arrivals.NEVER) {
      timerAt(opens.nextNs(), TIMER_OPEN, 0);
    }
  }

  private void open() {
    int index = opened++;
    int server = config.serverAddresses[server(index)];
    int address = host().firstAddress() + nextAddress;
    nextAddress = nextAddress + 1 == host().addressCount() ? 0 : nextAddress + 1;
    long socket = sockets().connect(address, server, config.serverPort, config.socketOptions, IDLE);
    if (socket < 0) {
      refused++;
    }
    connections.set(index, socket < 0 ? NO_SOCKET : socket);
  }

  // ---- requests

  private void request(long nowNs, long dueNs) {
    long number = issued++;
    stats.offer(dueNs);
    int group = idleGroup();
    if (group < 0) {
      stats.failure(nowNs, dueNs, number, FailureCause.NO_IDLE_CONNECTION, SeenAs.TIMEOUT);
      return;
    }
    busy[group >>> 6] |= 1L << group;
    int page = pages.create(dueNs, number, group, config.perRequest);
    timeouts.beginAt(dueNs, pages.reference());
    int bytes = size(config.requests.requestBytes);
    for (int place = 0; place < config.perRequest; place++) {
      long socket = connections.get(group * config.perRequest + place);
      stats.attempt();
      sockets().setHandle(socket, page << PLACE_BITS | place);
      if (socket == NO_SOCKET || sockets().send(socket, bytes, mark) < 0) {
        sockets().setHandle(socket, IDLE);
        failed(nowNs, page, Errno.ENOTCONN);
      }
    }
  }

  @Override
  public boolean foresees() {
    return true;
  }

  @Override
  public void foresee(long untilNs) {
    long end = drawn + requests.expected(untilNs);
    for (foreseen = Math.max(foreseen, drawn); foreseen < end; foreseen++) {
      int first = group(foreseen) * config.perRequest;
      for (int i = first; i < first + config.perRequest; i++) {
        sockets().soon(connections.get(i));
      }
    }
  }

  /** The group of a draw. */
  private int group(long draw) {
    long bits = RandomStreams.bits(context().seed(), host().id(), Purposes.HELD_GROUP, draw);
    return RandomStreams.below(bits, groups);
  }

  /** One drawn at random, or the next one that is idle; -1 if none is. */
  private int idleGroup() {
    int first = group(drawn++);
    int group = first;
    while ((busy[group >>> 6] & 1L << group) != 0) {
      group = group + 1 == groups ? 0 : group + 1;
      if (group == first) {
        return -1;
      }
    }
    return group;
  }

  private void failed(long nowNs, int page, int errno) {
    pages.move(page);
    pages.fail(FailureCause.ofErrno(errno == 0 ? Errno.ECONNRESET : errno), SeenAs.RESET);
    ended(nowNs, page);
  }

  private void ended(long nowNs, int page) {
    pages.move(page);
    if (!pages.end()) {
      return;
    }
    int group = pages.owner();
    busy[group >>> 6] &= ~(1L << group);
    end(nowNs, group * config.perRequest);
    pages.destroy();
  }

  private void end(long nowNs, int connection) {
    long dueNs = pages.dueNs();
    stats.end(nowNs, dueNs, pages.number(), pages.cause(), pages.seenAs(), server(connection));
  }

  /** A request is given up; its group stays busy, as it is one no more. */
  @Override
  public void expired(long nowNs, int kind, long reference) {
    pages.move(TicketTable.rowOf(reference));
    pages.fail(FailureCause.CLIENT_TIMEOUT, SeenAs.TIMEOUT);
    int first = pages.owner() * config.perRequest;
    end(nowNs, unanswered(first));
    pages.abandon();
    for (int i = first; i < first + config.perRequest; i++) {
      long socket = connections.get(i);
      if (socket != NO_SOCKET && sockets().isOpen(socket)) {
        sockets().close(socket);
        lost++;
      }
    }
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int sent, int errno) {
    if ((bits & Sockets.FAILED) != 0) {
      gone(nowNs, handle, errno);
      return;
    }
    if ((bits & Sockets.CONNECTED) != 0) {
      established++;
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    boolean answers = (bits & Sockets.MESSAGE) != 0 && handle != IDLE;
    if (answers) {
      sockets().setHandle(socket, IDLE);
      ended(nowNs, handle >>> PLACE_BITS);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0) {
      sockets().close(socket);
      gone(nowNs, answers ? IDLE : handle, Errno.ECONNRESET);
    }
  }

  private void gone(long nowNs, int handle, int errno) {
    lost++;
    if (handle != IDLE) {
      failed(nowNs, handle >>> PLACE_BITS, errno);
    }
  }
}
