package dev.halfopen.tcp;

import dev.halfopen.net.Segment;
import org.jspecify.annotations.Nullable;

/**
 * SYN queue and accept queue of listeners: who gets in, who is dropped, how long a request lives
 * ({@code tcp_conn_request}, {@code tcp_check_req}, {@code reqsk_timer_handler}).
 */
final class ListenQueues {
  private static final int SLOT_SHIFT = dev.halfopen.engine.TimerWheel.SLOT_SHIFT;

  /** Most a SYN-ACK timeout grows to: TCP_RTO_MAX, whatever tcp_rto_max_ms says. */
  private static final int MOST_SECONDS = 120;

  /** TCP_PAWS_MSL, s: for so long an RST with an old timestamp is refused. */
  private static final int PAWS_MSL_SECONDS = 60;

  private final Stack s;
  private final Connections tcb;
  private final Requests req;

  ListenQueues(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.req = s.req;
  }

  /** The listener that the request under the cursor belongs to, or null if it has closed. */
  @Nullable Listener listenerOfRequest() {
    return s.host.listenerFor(req.local(), req.remote(), req.ports());
  }

  /** The SYN queue is full, {@code inet_csk_reqsk_queue_is_full}. */
  boolean requestsFull(Listener l) {
    return l.requests > l.requestLimit;
  }

  /** {@code sk_acceptq_is_full}; old kernels let a SYN in while few requests are young. */
  boolean refusesSyn(Listener l) {
    if (!l.acceptQueueFull()) {
      return false;
    }
    KernelProfile kernel = s.host.sysctl().kernel();
    return kernel.has(KernelChange.FULL_ACCEPT_QUEUE_DROPS_SYN) || l.young > 1;
  }

  /** With cookies off, the last quarter of tcp_max_syn_backlog is for peers known to be real. */
  boolean keepsForProven(Listener l) {
    long most = s.host.sysctl().get(Sysctl.TCP_MAX_SYN_BACKLOG);
    return most - l.requests < most >> 2;
  }

  void added(Listener l) {
    if (++l.requests > l.requestsPeak) {
      l.requestsPeak = l.requests;
      l.requestsPeakAtNs = s.nowNs;
    }
    l.young++;
    s.host.gauges.enter(State.SYN_RECV, s.nowNs);
  }

  /** The request under the cursor leaves its queue; its row and demux entry are the caller's. */
  void left(@Nullable Listener l) {
    s.host.gauges.leave(State.SYN_RECV);
    if (l != null) {
      l.requests--;
      if (req.timeouts() == 0) {
        l.young--;
      }
      if (l.requests == 0) {
        l.prunes.stop(s.jiffies, l.requestLimit + 1, s.host.hz);
      }
    }
  }

  /** Drops the request under the cursor without a word. */
  void drop(@Nullable Listener l) {
    int local = req.local();
    int remote = req.remote();
    int ports = req.ports();
    left(l);
    s.demux.remove(Demux.hash(local, remote, ports), Demux.REQUEST, req.row());
    req.destroy();
  }

  /**
   * A listener of the current host closes: its requests are gone, and what comes for them finds no
   * socket ({@code inet_csk_listen_stop}; {@code tcp_v4_rcv} drops a request whose listener is not
   * in LISTEN).
   */
  void close(Listener l) {
    for (int row = 1; row <= req.highWater(); row++) {
      req.move(row);
      if (req.isLive() && s.host.host().owns(req.local()) && listenerOfRequest() == l) {
        drop(l);
      }
    }
  }

  /** Listeners of a port came or went, so that SO_REUSEPORT picks anew: the counts follow. */
  void regroup(int port) {
    s.host.forgetRequests(port);
    for (int row = 1; row <= req.highWater(); row++) {
      req.move(row);
      if (req.isLive() && s.host.host().owns(req.local()) && req.ports() >>> 16 == port) {
        Listener l = listenerOfRequest();
        if (l != null) {
          l.requests++;
          l.young += req.timeouts() == 0 ? 1 : 0;
        }
      }
    }
  }

  // ---- SYN-ACK timer

  /** {@code tcp_reqsk_timeout}: 1 s doubled for each time it fired. */
  int timeoutJiffies() {
    long t = (long) s.host.hz << Math.min(req.timeouts(), 20);
    return (int) Math.min(t, (long) MOST_SECONDS * s.host.hz);
  }

  /** Arms the SYN-ACK timer of the request under the cursor. */
  void arm() {
    int at =
        s.host.listenerPrunes
            ? pruneVisit()
            : TimerRounding.fires(s.host.rounding, s.jiffies, timeoutJiffies());
    req.expiresAt(at);
    long ns = s.host.host().jiffyNs(at, req.local());
    s.alarms.wakeAt(s.host.host(), ns, TimerIds.request(req.row()));
  }

  /** When the walk of an old kernel's listener finds that the request under the cursor is due. */
  private int pruneVisit() {
    int due = s.jiffies + timeoutJiffies();
    Listener l = listenerOfRequest();
    if (l == null) {
      return due;
    }
    if (!l.prunes.runs()) {
      l.prunes.start(TimerRounding.fires(s.host.rounding, s.jiffies, s.host.hz));
    }
    int slots = l.requestLimit + 1;
    return l.prunes.visit(pruneSlot(slots), due, slots, s.host.hz);
  }

  /** {@code inet_synq_hash}: the slot of the request under the cursor, of a power of two. */
  private int pruneSlot(int slots) {
    return Demux.hash(req.local(), req.remote(), req.ports()) & slots - 1;
  }

  /** The wheel has opened a slot with an entry of this request. */
  void due(int row, int slot) {
    int local = req.local();
    int jiffies = (int) s.host.host().jiffies(s.nowNs, local);
    long ns = s.host.host().jiffyNs(req.expires(jiffies), local);
    if ((int) (ns >>> SLOT_SHIFT) == slot) {
      s.alarms.fireAt(s.host.host(), ns, TimerIds.request(row));
    }
  }

  /** False if nothing was due. */
  boolean fired() {
    if (!req.isLive() || req.expires(s.jiffies) != s.jiffies) {
      return false;
    }
    Listener l = listenerOfRequest();
    if (l == null) {
      drop(null);
      return true;
    }
    int retries =
        l.options.synCount != 0
            ? l.options.synCount
            : (int) s.host.sysctl().get(Sysctl.TCP_SYNACK_RETRIES);
    retries = s.host.listenerPrunes ? prunedByWalk(l, retries) : pruned(l, retries);
    int defer = deferTimeouts(l);
    boolean acked = req.flag(Requests.F_ACKED);
    boolean expire = req.timeouts() >= retries;
    boolean resend = true;
    if (defer != 0) {
      expire = expire && (!acked || req.timeouts() >= defer);
      resend = !acked || req.timeouts() >= defer - 1;
    }
    if (expire) {
      drop(l);
      return true;
    }
    if (resend) {
      s.host.count(Mib.RETRANS_SEGS);
      req.setFlag(Requests.F_RETRANSMITTED);
      s.handshake.sendSynAck(0);
    }
    if (req.timeouts() == 0) {
      l.young--;
    }
    req.timeouts(req.timeouts() + 1);
    forgetOldAnswer();
    arm();
    return true;
  }

  /** Fewer retries while more than half of the queue is in use and few of it is young. */
  private static int pruned(Listener l, int retries) {
    int thresh = retries;
    if (l.requests << 1 > Math.max(8, l.backlog)) {
      int young = l.young << 1;
      while (thresh > 2 && l.requests >= young) {
        thresh--;
        young <<= 1;
      }
    }
    return thresh;
  }

  /** The same for a whole tick, where half of the table is in use. */
  private int prunedByWalk(Listener l, int retries) {
    int thresh = l.prunes.settledRetries(s.jiffies);
    if (thresh < 0) {
      thresh = retries;
      if (l.requests >= l.requestLimit + 1 >> 1) {
        int young = l.young << 1;
        while (thresh > 2 && l.requests >= young) {
          thresh--;
          young <<= 1;
        }
      }
      l.prunes.settle(s.jiffies, thresh);
    }
    return thresh;
  }

  /** TCP_DEFER_ACCEPT in SYN-ACK timeouts, {@code secs_to_retrans}. */
  static int deferTimeouts(Listener l) {
    int seconds = l.options.deferAcceptSeconds;
    int n = 0;
    if (seconds > 0) {
      int period = 1;
      int timeout = 1;
      n = 1;
      while (seconds > period && n < 255) {
        n++;
        timeout = Math.min(timeout << 1, MOST_SECONDS);
        period += timeout;
      }
    }
    return n;
  }

  // ---- segments for a request

  /** {@code tcp_check_req}: the request is under the cursor. */
  void segment() {
    Segment in = s.in;
    Listener l = listenerOfRequest();
    if (l == null) {
      s.resets.toSegment();
      drop(null);
      return;
    }
    Contract c = s.contracts.of(req.contract());
    boolean paws =
        c.timestamps
            && in.hasOption(Segment.OPT_TIMESTAMP)
            && in.tsValue - req.tsRecent() < 0
            && (!in.has(Segment.RST) || timeoutJiffies() < PAWS_MSL_SECONDS * s.host.hz);
    int flags = in.flags & (Segment.RST | Segment.SYN | Segment.ACK);
    if (in.seq == req.irs() && flags == Segment.SYN && !paws) {
      duplicateSyn();
      return;
    }
    int rcvNxt = req.irs() + 1;
    int window = s.receive.initialWindow(c.mss);
    if ((flags & Segment.RST) != 0 && in.seq != rcvNxt) {
      if (TimeWaitService.inWindow(in.seq, in.endSeq(), rcvNxt, rcvNxt + window)
          && !isAnswerLimited()) {
        s.handshake.acknowledgeRequest(c);
      }
      return;
    }
    if ((flags & Segment.ACK) != 0 && in.ack != req.iss() + 1) {
      s.resets.toSegment();
      return;
    }
    int age = ageOfRequest();
    boolean foreignEcho = c.timestamps && s.host.checksRequestEchoes && echoesForeignTimestamp(age);
    if (paws
        || foreignEcho
        || !TimeWaitService.inWindow(in.seq, in.endSeq(), rcvNxt, rcvNxt + window)) {
      unacceptable(c, paws, foreignEcho);
      return;
    }
    if (in.seq == req.irs()) {
      flags &= ~Segment.SYN;
    }
    if ((flags & (Segment.RST | Segment.SYN)) != 0) {
      s.host.count(Mib.ATTEMPT_FAILS);
      embryonicReset(l, flags);
      return;
    }
    if ((flags & Segment.ACK) == 0) {
      return;
    }
    if (req.timeouts() < deferTimeouts(l) && in.endSeq() == rcvNxt) {
      req.setFlag(Requests.F_ACKED);
      s.host.count(Mib.DEFER_ACCEPT_DROP);
      return;
    }
    complete(l, flags, age);
  }

  private void unacceptable(Contract c, boolean paws, boolean foreignEcho) {
    Segment in = s.in;
    boolean data = in.endSeq() != in.seq && !in.has(Segment.SYN);
    if (!in.has(Segment.RST) && (data || !isAnswerLimited())) {
      s.handshake.acknowledgeRequest(c);
    }
    if (paws) {
      s.host.count(Mib.PAWS_ESTAB);
    } else if (foreignEcho) {
      s.host.count(Mib.TSECR_REJECTED);
    }
  }

  /**
   * The echo lies outside what the request's SYN-ACKs said, snt_tsval_first to snt_tsval_last. The
   * first one went out when the clock gave the ISN; the last is known to a granule of the timer
   * that it armed.
   */
  private boolean echoesForeignTimestamp(int age) {
    Segment in = s.in;
    if (!in.hasOption(Segment.OPT_TIMESTAMP) || in.tsEcho == 0) {
      return false;
    }
    int now = s.timestamp(req.local(), req.remote());
    int sinceEchoMs = now - in.tsEcho;
    if (req.flag(Requests.F_ISN_GIVEN)) {
      return sinceEchoMs < 0;
    }
    int sinceFirstMs = s.nowMs() - firstAnswerMs(age);
    if (!req.flag(Requests.F_RETRANSMITTED)) {
      return sinceEchoMs != sinceFirstMs;
    }
    int armed = req.expires(s.jiffies) - timeoutJiffies();
    int sinceLastMs = Math.max(0, s.host.usOfJiffies(s.jiffies - armed) / 1000);
    return sinceEchoMs > sinceFirstMs || sinceEchoMs < sinceLastMs;
  }

  /**
   * For how long the request under the cursor has been there, in the 64 ns of the clock in its ISN;
   * unsigned, and nonsense where a TIME_WAIT gave the ISN.
   */
  private int ageOfRequest() {
    return s.initialSequence(req.local(), req.remote(), req.ports()) - req.iss();
  }

  /** When a request of that age was made. */
  private int firstAnswerMs(int age) {
    long units = (s.nowNs >>> 6) - (age & 0xFFFFFFFFL);
    return (int) ((units << 6) / 1_000_000);
  }

  private void complete(Listener l, int flags, int age) {
    if (l.acceptQueueFull()) {
      s.host.count(Mib.LISTEN_OVERFLOWS);
      s.host.count(Mib.LISTEN_DROPS);
      if (s.host.sysctl().get(Sysctl.TCP_ABORT_ON_OVERFLOW) == 0) {
        req.setFlag(Requests.F_ACKED);
      } else {
        embryonicReset(l, flags);
      }
      return;
    }
    s.handshake.acceptRequest(l, age);
  }

  private void embryonicReset(Listener l, int flags) {
    if ((flags & Segment.RST) == 0) {
      s.resets.toSegment();
    }
    s.host.count(Mib.EMBRYONIC_RSTS);
    drop(l);
  }

  /** {@code tcp_oow_rate_limited} with the request's last_oow_ack_time. */
  private boolean isAnswerLimited() {
    int nowMs = s.nowMs();
    if (req.flag(Requests.F_ANSWERED)
        && req.sinceAnswerMs(nowMs) < s.host.sysctl().get(Sysctl.TCP_INVALID_RATELIMIT)) {
      s.host.count(Mib.ACK_SKIPPED_SYN_RECV);
      return true;
    }
    req.answered(nowMs);
    return false;
  }

  /** The stamp of the last answer wraps; a request's timer comes by before it does. */
  private void forgetOldAnswer() {
    if (req.flag(Requests.F_ANSWERED)
        && req.sinceAnswerMs(s.nowMs()) >= s.host.sysctl().get(Sysctl.TCP_INVALID_RATELIMIT)) {
      req.clearFlag(Requests.F_ANSWERED);
    }
  }

  /** A SYN again: answered at once, at most every tcp_invalid_ratelimit, and the timer restarts. */
  private void duplicateSyn() {
    if (isAnswerLimited()) {
      return;
    }
    req.setFlag(Requests.F_RTX_ONCE | Requests.F_RETRANSMITTED);
    s.host.count(Mib.RETRANS_SEGS);
    s.handshake.sendSynAck(s.in.fromSocket);
    if (!s.host.listenerPrunes) {
      arm();
    }
  }

  /** A connection that nobody has accepted yet goes away; accept() still returns it. */
  void dropUnaccepted(int errno) {
    if (tcb.flag(Connections.F_ACCEPTED)) {
      return;
    }
    s.host.markDead(tcb.ports() >>> 16, tcb.row(), errno);
  }
}
