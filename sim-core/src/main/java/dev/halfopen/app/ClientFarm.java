package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Sockets;
import org.jspecify.annotations.Nullable;

/**
 * A load from the machines of a farm: open-loop, or closed-loop where there are users. Requests
 * fall due whatever became of those before them, and a request's latency runs from when it was due.
 * One that finds an idle connection takes the one used last; otherwise the next machine opens one.
 * One request at a time on a connection. A user sends the next request a think time after the end
 * of the one before. Where a client asks for the parts of a page itself, what falls due and is
 * counted are pages of several requests, sent at once by one machine.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class ClientFarm extends Application implements Expiry, LoadSource {
  private static final int TIMER_ARRIVAL = 1;
  private static final int TIMER_TIMEOUT = 2;
  private static final int TIMER_USER = 3;
  private static final int TIMER_TRY = 4;
  private static final int TIMER_RETRY = 5;
  private static final int THOUSAND = 1000;
  private static final long WARM_UP = -1;

  private final ClientFarmConfig config;
  private LoadStats stats;
  private FarmConnections connections;
  private RowList idle;
  private Delays timeouts;
  private Delays tryTimeouts;
  private @Nullable Retries retries;

  /** Null where each request stands for itself. */
  private @Nullable Pages pages;

  private Arrivals arrivals;

  /** Requests, or pages, that fell due so far: the next one's number. */
  private long issued;

  private long opened;

  /** Connections opened, and after them those that have been said to come. */
  private long foreseen;

  public ClientFarm(ClientFarmConfig config) {
    this.config = config;
    if (config.fanOut < 1 || config.fanOut > Pages.REQUESTS_MOST) {
      throw new IllegalArgumentException("pages of " + config.fanOut + " requests");
    }
  }

  @Override
  public LoadStats stats() {
    return stats;
  }

  /** Connections that the farm has open or is opening. */
  public int openConnections() {
    return connections.live();
  }

  @Override
  public void start(long nowNs) {
    AppContext context = context();
    int servers = Math.max(1, config.serverAddresses.length);
    stats = new LoadStats(config, servers, context.memory());
    RetryConfig retry = config.retry;
    retries = retry == null ? null : new Retries(retry, context.seed(), context.randomNode());
    connections = new FarmConnections(retry != null, context.memory());
    pages = config.fanOut == 1 ? null : new Pages(context.memory());
    idle = new RowList(connections, FarmConnections.NEXT, FarmConnections.PREVIOUS);
    timeouts = Delays.timeout(this, this, connections, config.timeoutNs, TIMER_TIMEOUT);
    long tryNs = retry == null ? 0 : retry.tryTimeoutNs;
    tryTimeouts = Delays.timeout(this, this, connections, tryNs, TIMER_TRY);
    arrivals = Arrivals.of(config, context.seed(), context.randomNode());
    if (config.users == 0) {
      offerDue(nowNs);
    }
    for (int i = 0; i < config.users; i++) {
      timerAt(config.fromNs + 1 + i * config.userGapNs, TIMER_USER, 0);
    }
  }

  /** A user begins the next request. */
  private void offerUser(long nowNs) {
    if (nowNs < config.untilNs && issued < config.requestsMax) {
      offer(nowNs, nowNs);
    }
  }

  private void userThinks(long nowNs) {
    if (config.users > 0) {
      timerAt(nowNs + Math.max(1, config.thinkTimeNs), TIMER_USER, 0);
    }
  }

  /** Closes the books at the end of a run: what is still waiting counts up to {@code nowNs}. */
  @Override
  public void finish(long nowNs) {
    long oldest = LoadStats.NEVER;
    for (int row = 1; row <= connections.highWater(); row++) {
      connections.move(row);
      if (waits()) {
        oldest =
            oldest == LoadStats.NEVER ? connections.dueNs() : Math.min(oldest, connections.dueNs());
      }
    }
    stats.finish(nowNs, oldest);
    // A page waits for what the worst of its requests waits for.
    countWaiting(nowNs, true);
    countWaiting(nowNs, false);
  }

  /** Counts what still waits, with timeouts of its connection or without any. */
  private void countWaiting(long nowNs, boolean withTimeouts) {
    for (int row = 1; row <= connections.highWater(); row++) {
      connections.move(row);
      if (!waits()) {
        continue;
      }
      boolean connecting = connections.state() == FarmConnections.CONNECTING;
      long connectNs = connecting ? connections.connectNs() : LoadStats.NEVER;
      boolean trying = connections.state() != FarmConnections.RETRYING;
      int n = trying ? sockets().timeouts(connections.socket()) : 0;
      if (n > 0 == withTimeouts && isFirstOfItsPage()) {
        stats.waits(nowNs, connections.dueNs(), connectNs, n, connections.server());
      }
    }
  }

  private boolean isFirstOfItsPage() {
    if (pages == null) {
      return true;
    }
    pages.move(connections.page());
    return pages.count();
  }

  /** Whether the row has a request that counts and has not ended. */
  private boolean waits() {
    int s = connections.state();
    return s != 0 && s != FarmConnections.IDLE && connections.number() != WARM_UP;
  }

  // ---- requests

  private void offerDue(long nowNs) {
    while (arrivals.nextNs() <= nowNs) {
      offer(nowNs, arrivals.nextNs());
      arrivals.advance();
    }
    if (arrivals.nextNs() != Arrivals.NEVER) {
      timerAt(arrivals.nextNs(), TIMER_ARRIVAL, 0);
    }
  }

  private void offer(long nowNs, long dueNs) {
    long n = issued++;
    boolean counts = dueNs >= config.measureFromNs;
    if (counts) {
      stats.offer(dueNs);
    }
    long number = counts ? n : WARM_UP;
    if (pages == null) {
      request(nowNs, dueNs, number, n, TicketTable.NO_ROW);
      return;
    }
    int k = config.fanOut;
    int page = pages.create(dueNs, number, (int) (n % host().addressCount()), k);
    for (int i = 0; i < k; i++) {
      request(nowNs, dueNs, number, n * k + i, page);
    }
  }

  /**
   * Sends a request.
   *
   * @param number of what is counted, the request or its page; or WARM_UP
   * @param n counter of the request's random numbers
   */
  private void request(long nowNs, long dueNs, long number, long n, int page) {
    int row = idle.newest();
    boolean fresh = row == TicketTable.NO_ROW;
    if (fresh) {
      row = connections.create();
    } else {
      idle.remove(row);
      connections.move(row);
    }
    connections.request(dueNs, number, drawMark(n), drawBytes(n));
    connections.page(page);
    timeouts.beginAt(dueNs, connections.reference());
    if (retries != null) {
      retries.deposit();
      beginTry(nowNs);
    }
    if (fresh) {
      open(nowNs, row);
    } else {
      send(nowNs, row);
    }
  }

  private int drawMark(long n) {
    boolean post =
        config.postsPerThousand > 0
            && Long.remainderUnsigned(bits(Purposes.METHOD, n), THOUSAND) < config.postsPerThousand;
    Distribution wanted = config.responseBytes;
    int size = wanted == null ? 0 : Math.max(1, wanted.sampleInt(bits(Purposes.RESPONSE_BYTES, n)));
    return HttpMarks.request(post, false, size);
  }

  private int drawBytes(long n) {
    return Math.max(1, config.requestBytes.sampleInt(bits(Purposes.REQUEST_BYTES, n)));
  }

  private long bits(int purpose, long n) {
    return RandomStreams.bits(context().seed(), context().randomNode(), purpose, n);
  }

  /** The row's request opens a connection from the next machine, or from its page's. */
  private void open(long nowNs, int row) {
    long turn = opened++;
    int address = host().firstAddress() + machine(turn);
    connections.state(FarmConnections.CONNECTING);
    connections.requests(0);
    connections.connectNs(nowNs);
    connections.server(server(turn));
    long socket =
        sockets()
            .connect(
                address,
                address(connections.server()),
                config.serverPort,
                config.socketOptions,
                row);
    connections.socket(socket);
    if (socket < 0) {
      countAttempt();
      connections.socket(TicketTable.NO_REFERENCE);
      end(nowNs, row, FailureCause.ofErrno((int) -socket), SeenAs.CONNECT);
    }
  }

  /** Where each request opens its connection, the machines and servers of the next are known. */
  @Override
  public boolean foresees() {
    return config.users == 0 && pages == null;
  }

  @Override
  public void foresee(long untilNs) {
    if (idle.newest() != TicketTable.NO_ROW) {
      return;
    }
    long end = opened + arrivals.expected(untilNs);
    for (foreseen = Math.max(foreseen, opened); foreseen < end; foreseen++) {
      int local = host().firstAddress() + machine(foreseen);
      sockets().soonConnect(local, address(server(foreseen)), config.serverPort);
    }
  }

  private int machine(long turn) {
    if (pages == null) {
      return (int) (turn % host().addressCount());
    }
    pages.move(connections.page());
    return pages.owner();
  }

  /** The server of a connection, by how many were opened before. */
  private int server(long turn) {
    int n = config.serverAddresses.length;
    return n == 0 ? 0 : (int) (turn % n);
  }

  private int address(int server) {
    return config.serverAddresses.length == 0
        ? config.serverAddress
        : config.serverAddresses[server];
  }

  private void send(long nowNs, int row) {
    connections.state(FarmConnections.BUSY);
    connections.requests(connections.requests() + 1);
    countAttempt();
    int sent = sockets().send(connections.socket(), connections.bytes(), connections.mark());
    if (sent < 0) {
      lose(nowNs, row, FailureCause.ofErrno(-sent), SeenAs.RESET);
    }
  }

  private void countAttempt() {
    if (connections.number() != WARM_UP) {
      stats.attempt();
    }
  }

  private void fail(long nowNs, FailureCause cause, SeenAs seenAs) {
    if (pages != null) {
      pages.move(connections.page());
      pages.fail(cause, seenAs);
    }
    over(nowNs, cause, seenAs);
  }

  /** The row's request has succeeded, or failed by a cause; perhaps its page is over, too. */
  private void over(long nowNs, FailureCause cause, SeenAs seenAs) {
    if (pages == null) {
      count(nowNs, connections.dueNs(), connections.number(), cause, seenAs);
      return;
    }
    pages.move(connections.page());
    if (pages.end()) {
      count(nowNs, pages.dueNs(), pages.number(), pages.cause(), pages.seenAs());
      pages.destroy();
    }
  }

  private void count(long nowNs, long dueNs, long number, FailureCause cause, SeenAs seenAs) {
    userThinks(nowNs);
    if (number != WARM_UP) {
      stats.end(nowNs, dueNs, number, cause, seenAs, connections.server());
    }
  }

  /** The row's socket is gone or closed already. */
  private void release(int row) {
    connections.move(row);
    connections.release();
  }

  private void close(int row) {
    sockets().close(connections.socket());
    release(row);
  }

  /** The connection broke under the row's request. */
  private void lose(long nowNs, int row, FailureCause cause, SeenAs seenAs) {
    if (sockets().isOpen(connections.socket())) {
      sockets().close(connections.socket());
    }
    boolean stale = connections.state() == FarmConnections.BUSY && connections.requests() > 1;
    if (config.retryStale
        && stale
        && !connections.flag(FarmConnections.F_RETRIED)
        && !HttpMarks.isPost(connections.mark())) {
      connections.setFlag(FarmConnections.F_RETRIED);
      open(nowNs, row);
      return;
    }
    end(nowNs, row, cause, seenAs);
  }

  // ---- retries

  private void beginTry(long nowNs) {
    connections.tries(connections.tries() + 1);
    connections.tryNs(nowNs);
    tryTimeouts.beginAt(nowNs, connections.reference());
  }

  /** A try has failed and its socket is gone: the request is tried again, or has failed. */
  private void end(long nowNs, int row, FailureCause cause, SeenAs seenAs) {
    boolean nothingSent = connections.state() == FarmConnections.CONNECTING;
    if (retries != null && allows(retries.config(), seenAs, nothingSent) && retry(nowNs, retries)) {
      connections.socket(TicketTable.NO_REFERENCE);
      return;
    }
    fail(nowNs, cause, seenAs);
    release(row);
  }

  /** Whether the policy repeats the row's request after such a failure. */
  private boolean allows(RetryConfig policy, SeenAs seenAs, boolean nothingSent) {
    if (!policy.posts && !nothingSent && HttpMarks.isPost(connections.mark())) {
      return false;
    }
    return switch (seenAs) {
      case TIMEOUT -> policy.onTimeout;
      case CONNECT, RESET, CLOSED -> policy.onError;
      default -> policy.onStatus;
    };
  }

  /** The row waits for its next try; false if it has had all, or the budget is used up. */
  private boolean retry(long nowNs, Retries policy) {
    if (connections.tries() >= policy.config().tries) {
      return false;
    }
    boolean counts = connections.number() != WARM_UP;
    if (!policy.withdraw()) {
      if (counts) {
        stats.retryRefused();
      }
      return false;
    }
    if (counts) {
      stats.retried();
    }
    long before = connections.tries() == 1 ? 0 : connections.waitNs();
    long waitNs = policy.waitNs(connections.tries(), before);
    connections.waitNs(waitNs);
    connections.state(FarmConnections.RETRYING);
    timerAt(nowNs + Math.max(1, waitNs), TIMER_RETRY, connections.reference());
    return true;
  }

  private void tryAgain(long nowNs, long reference) {
    if (!connections.isCurrent(reference)) {
      return;
    }
    int row = TicketTable.rowOf(reference);
    connections.move(row);
    beginTry(nowNs);
    if (connections.socket() == TicketTable.NO_REFERENCE) {
      open(nowNs, row);
    } else {
      send(nowNs, row);
    }
  }

  private void tryExpired(long nowNs, int row) {
    connections.move(row);
    int s = connections.state();
    boolean trying = s == FarmConnections.CONNECTING || s == FarmConnections.BUSY;
    RetryConfig policy = config.retry;
    if (!trying || policy == null || nowNs - connections.tryNs() < policy.tryTimeoutNs) {
      return; // it was of an earlier try
    }
    if (s == FarmConnections.CONNECTING) {
      countAttempt();
    }
    sockets().close(connections.socket());
    end(nowNs, row, FailureCause.CLIENT_TIMEOUT, SeenAs.TIMEOUT);
  }

  /** The socket of a request that waits for its next try has gone. */
  private void dropKept() {
    if (sockets().isOpen(connections.socket())) {
      sockets().close(connections.socket());
    }
    connections.socket(TicketTable.NO_REFERENCE);
  }

  // ---- events

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    connections.move(handle);
    if (connections.socket() != socket) {
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      failed(nowNs, handle, errno);
      return;
    }
    if ((bits & Sockets.CONNECTED) != 0) {
      if (connections.number() != WARM_UP) {
        stats.connected(nowNs, nowNs - connections.connectNs());
      }
      send(nowNs, handle);
    }
    if ((bits & Sockets.READABLE) != 0 && connections.socket() == socket) {
      sockets().receive(socket);
    }
    boolean ended = (bits & Sockets.END_OF_STREAM) != 0;
    if ((bits & Sockets.MESSAGE) != 0 && connections.state() == FarmConnections.BUSY) {
      answered(nowNs, handle, mark, ended);
    } else if (ended && connections.socket() == socket) {
      ended(nowNs, handle);
    }
  }

  private void answered(long nowNs, int row, int mark, boolean ended) {
    int status = HttpMarks.status(mark);
    int limit = config.requestsPerClientConnection;
    boolean closes =
        ended || HttpMarks.isClose(mark) || (limit > 0 && connections.requests() >= limit);
    if (status != HttpMarks.OK) {
      SeenAs seen = SeenAs.ofStatus(status);
      if (retries != null && allows(retries.config(), seen, false) && retry(nowNs, retries)) {
        if (closes) {
          dropKept();
        }
        return;
      }
      fail(nowNs, HttpMarks.cause(mark), seen);
    } else {
      over(nowNs, FailureCause.NONE, SeenAs.OTHER);
    }
    if (closes) {
      close(row);
      return;
    }
    connections.renewTicket();
    connections.state(FarmConnections.IDLE);
    idle.add(row);
  }

  private void ended(long nowNs, int row) {
    if (connections.state() == FarmConnections.IDLE) {
      idle.remove(row);
      close(row);
    } else if (connections.state() == FarmConnections.RETRYING) {
      dropKept();
    } else {
      lose(nowNs, row, FailureCause.PREMATURE_CLOSE, SeenAs.CLOSED);
    }
  }

  private void failed(long nowNs, int row, int errno) {
    int was = connections.state();
    connections.socket(TicketTable.NO_REFERENCE);
    if (was == FarmConnections.IDLE) {
      idle.remove(row);
      release(row);
    } else if (was == FarmConnections.RETRYING) {
      return;
    } else if (was == FarmConnections.CONNECTING) {
      countAttempt();
      lose(nowNs, row, FailureCause.ofErrno(errno), SeenAs.CONNECT);
    } else {
      SeenAs seen = errno == Errno.ETIMEDOUT ? SeenAs.TIMEOUT : SeenAs.RESET;
      lose(nowNs, row, FailureCause.ofErrno(errno), seen);
    }
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    if (kind == TIMER_ARRIVAL) {
      offerDue(nowNs);
    } else if (kind == TIMER_USER) {
      offerUser(nowNs);
    } else if (kind == TIMER_RETRY) {
      tryAgain(nowNs, argument);
    } else if (kind == TIMER_TRY) {
      tryTimeouts.fired(nowNs, argument);
    } else {
      timeouts.fired(nowNs, argument);
    }
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    if (kind == TIMER_TRY) {
      tryExpired(nowNs, row);
      return;
    }
    connections.move(row);
    if (connections.state() == FarmConnections.CONNECTING) {
      countAttempt();
    }
    fail(nowNs, FailureCause.CLIENT_TIMEOUT, SeenAs.TIMEOUT);
    if (connections.socket() == TicketTable.NO_REFERENCE) {
      release(row);
    } else {
      close(row);
    }
  }
}
