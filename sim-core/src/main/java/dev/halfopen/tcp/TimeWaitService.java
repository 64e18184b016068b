package dev.halfopen.tcp;

import dev.halfopen.net.Segment;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Into, during and out of TIME_WAIT: {@code tcp_time_wait}, {@code tcp_timewait_state_process},
 * {@code tcp_twsk_unique}.
 */
final class TimeWaitService {
  /** Entry stamps are kept in this unit. */
  private static final int STAMP_MS = 16;

  private static final int STAMP_MASK = 0x1FFF;

  /** TCP_PAWS_MSL. */
  private static final int PAWS_MSL_MS = 60_000;

  private final Stack s;
  private final Flights fl;
  private final TimeWaits tw;
  private final Demux demux;
  private final int[] hash = new int[LaneChunks.ROWS];

  /** tw_last_oow_ack_time in jiffies, by row, of the few rows that have one. */
  private final Int2IntHashMap lastAnswers = new Int2IntHashMap(0);

  /** The ISN for a SYN that takes over a TIME_WAIT; 0 when there is none. */
  int isnForSyn;

  TimeWaitService(Stack s) {
    this.s = s;
    this.fl = s.fl;
    this.tw = s.tw;
    this.demux = s.demux;
  }

  /** Replaces the connection under the cursor by a TIME_WAIT (or orphaned FIN_WAIT_2) row. */
  void enter(boolean finWait2, int delayJiffies) {
    HostTcp h = s.host;
    s.remains.keep();
    if (h.gauges.in(State.TIME_WAIT) >= h.maxTimeWaits) {
      h.count(Mib.TIME_WAIT_OVERFLOW);
      s.closing.forget();
      return;
    }
    Connections c = s.tcb;
    int delay = delayJiffies;
    if (h.twRecycle && s.contract.timestamps) {
      s.metrics.rememberStamp();
      if (!finWait2) {
        delay = 3 * fl.rto() + (fl.rto() >> 1);
      }
    }
    s.metrics.remember();
    int row = copy(c, finWait2);
    demux.replace(tw.hash(), Demux.CONNECTION, c.row(), Demux.TIME_WAIT, row);
    s.closing.release();
    h.gauges.enter(State.TIME_WAIT, s.nowNs);
    h.count(delay <= 4 * h.hz ? Mib.TW_KILLED : Mib.TW);
    schedule(row, delay);
    announceReuse();
  }

  /** Makes a row of the connection under the cursor: it is read first, then the row is written. */
  private int copy(Connections c, boolean finWait2) {
    Contract contract = s.contract;
    int sndNxt = fl.sndNxt();
    int window = Math.min(0xFFFF, fl.rcvWnd() >>> contract.receiveScale);
    int rcvNxt = c.rcvNxt();
    int tsRecent = c.tsRecent();
    boolean active = c.flag(Connections.F_ACTIVE);
    int row = tw.create(c.local(), c.remote(), c.ports());
    tw.sequences(sndNxt, rcvNxt, tsRecent);
    tw.traits(contract, active);
    tw.begin(window, stamp(), finWait2, contract.timestamps);
    return row;
  }

  /** Tells the port allocator from when on connect() may take the row under the cursor over. */
  private void announceReuse() {
    HostTcp h = s.host;
    if (h.ports.wantsToKnow() && mayReuseLater(h)) {
      h.ports.reusableLater(tw.local(), tw.remote(), tw.ports(), nsOfUnits(reusableUnits(h)));
    }
  }

  private int stamp() {
    return (s.nowMs() + STAMP_MS - 1) / STAMP_MS & STAMP_MASK;
  }

  /** {@code __inet_twsk_schedule}; the row under the cursor ends after the kernel's rounding. */
  private void schedule(int row, int delayJiffies) {
    HostTcp h = s.host;
    if (h.timeWaitSlots) {
      int tick =
          TimeWaitSlots.isShort(delayJiffies, h.hz)
              ? addShort(row, delayJiffies)
              : h.slots.add(row, delayJiffies * h.host().tickNs());
      tw.ends(tick, false);
      return;
    }
    int at = TimerRounding.fires(h.rounding, s.jiffies, delayJiffies);
    int common = (int) h.host().commonJiffy(at, tw.local());
    boolean inStages = !h.lanes.reaches(delayJiffies, h.hz);
    tw.ends(common, inStages);
    enterLane(inStages ? (int) h.host().commonJiffies(s.nowNs) + stage() : common, row);
  }

  /** How far a TIME_WAIT that the lanes do not reach goes at a time: an orphaned FIN_WAIT_2. */
  private int stage() {
    return 60 * s.host.hz;
  }

  private void enterLane(int commonJiffy, int row) {
    HostTcp h = s.host;
    if (h.lanes.add(commonJiffy, h.hz, row)) {
      s.alarms.wakeAt(h.host(), h.host().commonJiffyNs(commonJiffy), TimerIds.lane(h.host().id()));
    }
  }

  /** A row in stages has come to the end of one: on to the next, or to its end. */
  private void nextStage(int commonJiffy) {
    int left = tw.ends() - commonJiffy & TimeWaits.JIFFY_MASK;
    enterLane(commonJiffy + Math.min(left, stage()), tw.row());
  }

  /** The finer wheel of old kernels, for up to 4 s: the jiffy in which the row ends. */
  private int addShort(int row, int delayJiffies) {
    HostTcp h = s.host;
    h.slots.joined();
    int at = s.jiffies + TimeWaitSlots.shortJiffies(delayJiffies, h.hz);
    int common = (int) h.host().commonJiffy(at, tw.local());
    enterLane(common, row);
    return common;
  }

  /** Starts the 60 s again, {@code inet_twsk_reschedule}. */
  private void reschedule() {
    if (s.host.timeWaitSlots) {
      s.host.slots.left();
    }
    schedule(tw.row(), Closing.TIME_WAIT_SECONDS * s.host.hz);
  }

  /** Ends the rows of a list whose jiffy has come, by its last chunk; how many there were. */
  int expire(int last, int commonJiffy) {
    int n = 0;
    int next = s.laneChunks.next(last);
    int c;
    do {
      c = next;
      int rows = s.laneChunks.rows(c);
      touch(c, rows);
      for (int i = 0; i < rows; i++) {
        tw.move(s.laneChunks.row(c, i));
        if (tw.isLive() && tw.ends() == (commonJiffy & TimeWaits.JIFFY_MASK)) {
          kill(hash[i]);
          n++;
        } else if (tw.isLive() && tw.inStages()) {
          nextStage(commonJiffy);
        }
      }
      next = s.laneChunks.next(c);
      s.laneChunks.free(c);
    } while (c != last);
    return n;
  }

  /** Hashes the rows of a chunk and reads their demux lines, so that the misses overlap. */
  private void touch(int chunk, int rows) {
    for (int i = 0; i < rows; i++) {
      tw.move(s.laneChunks.row(chunk, i));
      hash[i] = tw.hash();
    }
    demux.touch(hash, rows);
  }

  /** Frees the row under the cursor and its 4-tuple. */
  void kill() {
    kill(tw.hash());
  }

  /** Frees the row under the cursor and its 4-tuple, whose hash is given. */
  private void kill(int tupleHash) {
    int local = tw.local();
    int remote = tw.remote();
    int ports = tw.ports();
    boolean active = tw.active();
    demux.remove(tupleHash, Demux.TIME_WAIT, tw.row());
    if (tw.answered()) {
      lastAnswers.remove(tw.row());
    }
    tw.destroy();
    s.host.gauges.leave(State.TIME_WAIT);
    if (s.host.timeWaitSlots) {
      s.host.slots.left();
    }
    portFreed(local, remote, ports, active);
  }

  /** Tells the port allocator that a 4-tuple of this host is free. */
  void portFreed(int local, int remote, int ports, boolean active) {
    HostTcp h = s.host;
    h.ports.released(local, remote, ports);
    if (active && !h.host().isFarm()) {
      h.destinations.down(remote, ports & 0xFFFF);
    }
  }

  /** {@code tcp_twsk_unique} for connect(): whether the row under the cursor may be taken over. */
  boolean mayReuse(HostTcp h) {
    return mayReuseLater(h) && s.nowNs >= nsOfUnits(reusableUnits(h));
  }

  /** The same, but for its age. */
  boolean mayReuseLater(HostTcp h) {
    return h.mayReuseTowards(tw.remote()) && tw.timestamps() && !tw.finWait2();
  }

  /** When the row under the cursor is older than tcp_tw_reuse_delay, in units of entry stamps. */
  long reusableUnits(HostTcp h) {
    long now = s.nowNs / (STAMP_MS * 1_000_000L);
    long age = (now + 1 - tw.entryStamp() & STAMP_MASK) - 1;
    return now - age + h.twReuseDelayMs / STAMP_MS + 1;
  }

  static long nsOfUnits(long units) {
    return units * STAMP_MS * 1_000_000L;
  }

  /** The same where bind() chose the port: with timestamps whatever tcp_tw_reuse says. */
  boolean mayReuseBound() {
    return tw.timestamps();
  }

  /** Ends a TIME_WAIT that a new connection of the same host takes over. */
  void takeOver(int row) {
    tw.move(row);
    s.host.count(Mib.TW_RECYCLED);
    kill();
  }

  // ---- segments

  /** A segment for the TIME_WAIT under the cursor. */
  void segment() {
    Segment in = s.in;
    boolean paws =
        tw.timestamps()
            && in.hasOption(Segment.OPT_TIMESTAMP)
            && in.tsValue - tw.tsRecent() < 0
            && (!in.has(Segment.RST) || timestampIsFresh());
    if (tw.finWait2()) {
      finWait2Segment(paws);
      return;
    }
    int rcvNxt = tw.rcvNxt();
    boolean bare = in.endSeq() == in.seq;
    if (!paws && in.seq == rcvNxt && (bare || in.has(Segment.RST))) {
      inWindow();
      return;
    }
    if (isNewSyn(paws) && takeSyn()) {
      return;
    }
    if (paws) {
      s.host.count(pawsCounter());
    }
    if (!in.has(Segment.RST)) {
      if (paws || in.has(Segment.ACK)) {
        reschedule();
      }
      answer(Mib.ACK_SKIPPED_TIME_WAIT);
    }
  }

  private int pawsCounter() {
    return s.host.sysctl().kernel().has(KernelChange.PAWS_COUNTER_OF_TIME_WAIT)
        ? Mib.PAWS_TIME_WAIT
        : Mib.PAWS_ESTAB;
  }

  /**
   * {@code tcp_paws_reject} believes an RST whatever its timestamp once the one it remembers is
   * TCP_PAWS_MSL old; that one is taken to have come when the row was made.
   */
  private boolean timestampIsFresh() {
    int ageUnits = s.nowMs() / STAMP_MS - tw.entryStamp() & STAMP_MASK;
    return ageUnits < PAWS_MSL_MS / STAMP_MS;
  }

  /** {@code tcp_timewait_check_oow_rate_limit}: what is no data is answered every 500 ms. */
  private void answer(int skippedCounter) {
    Segment in = s.in;
    boolean data = in.endSeq() != in.seq && !in.has(Segment.SYN);
    if (!data) {
      int row = tw.row();
      if (tw.answered() && s.resets.limitedPerSocket(lastAnswers.get(row))) {
        s.host.count(skippedCounter);
        return;
      }
      tw.setAnswered();
      lastAnswers.put(row, s.jiffies == 0 ? 1 : s.jiffies);
    }
    acknowledge();
  }

  private void inWindow() {
    if (s.in.has(Segment.RST)) {
      if (s.host.sysctl().get(Sysctl.TCP_RFC1337) == 0) {
        kill();
      } else {
        rememberTimestamp();
      }
      return;
    }
    reschedule();
    rememberTimestamp();
  }

  private void rememberTimestamp() {
    if (tw.timestamps() && s.in.hasOption(Segment.OPT_TIMESTAMP)) {
      tw.tsRecent(s.in.tsValue);
    }
  }

  private boolean isNewSyn(boolean paws) {
    Segment in = s.in;
    if ((in.flags & (Segment.SYN | Segment.RST | Segment.ACK)) != Segment.SYN || paws) {
      return false;
    }
    return SeqNum.after(in.seq, tw.rcvNxt())
        || in.hasOption(Segment.OPT_TIMESTAMP) && tw.timestamps() && tw.tsRecent() - in.tsValue < 0;
  }

  /** Hands a new SYN to the listener on that port, which drops SYN-FIN; false if there is none. */
  private boolean takeSyn() {
    @Nullable Listener listener = s.host.listenerFor(tw.local(), tw.remote(), tw.ports());
    if (listener == null) {
      return false;
    }
    int isn = tw.sndNxt() + 65_535 + 2;
    kill();
    if (s.in.has(Segment.FIN)) {
      return true;
    }
    isnForSyn = isn == 0 ? 1 : isn;
    s.handshake.synArrived(listener);
    isnForSyn = 0;
    return true;
  }

  private void finWait2Segment(boolean paws) {
    Segment in = s.in;
    int rcvNxt = tw.rcvNxt();
    int end = in.endSeq();
    int window = tw.window() << tw.windowScale();
    if (paws || !inWindow(in.seq, end, rcvNxt, rcvNxt + window)) {
      answer(Mib.ACK_SKIPPED_FIN_WAIT_2);
    } else if (in.has(Segment.RST)) {
      kill();
    } else if (in.has(Segment.SYN) && !SeqNum.before(in.seq, rcvNxt)) {
      s.resets.toSegment();
      kill();
    } else if (in.has(Segment.ACK) && SeqNum.after(end, rcvNxt) && end != in.seq) {
      if (!in.has(Segment.FIN) || end != rcvNxt + 1) {
        s.resets.toSegment();
        kill();
        return;
      }
      tw.finWait2(false);
      tw.rcvNxt(end);
      rememberTimestamp();
      tw.entryStamp(stamp());
      announceReuse();
      reschedule();
      acknowledge();
    }
  }

  /** {@code tcp_in_window}. */
  static boolean inWindow(int seq, int end, int from, int to) {
    if (seq == from) {
      return true;
    }
    if (SeqNum.after(end, from) && SeqNum.before(seq, to)) {
      return true;
    }
    return seq == to && seq == end;
  }

  /** {@code tcp_v4_timewait_ack}. */
  private void acknowledge() {
    Segment out = s.out;
    out.fromSocket = 0;
    out.toSocket = s.in.fromSocket;
    out.source = tw.local();
    out.destination = tw.remote();
    out.ports = tw.ports();
    out.seq = tw.sndNxt();
    out.ack = tw.rcvNxt();
    out.flags = Segment.ACK;
    out.length = 0;
    out.mark = 0;
    out.window = tw.window();
    out.options = 0;
    if (tw.timestamps()) {
      out.options = Segment.OPT_TIMESTAMP;
      out.tsValue = s.timestamp(out.source, out.destination);
      out.tsEcho = tw.tsRecent();
    }
    s.host.mib[Mib.OUT_SEGS]++;
    s.egress.emit(s.nowNs, s.host.host(), out);
  }
}
