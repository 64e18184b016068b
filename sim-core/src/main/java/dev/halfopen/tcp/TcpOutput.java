package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/**
 * The only builder of a connection's segments: {@code tcp_write_xmit}, {@code __tcp_transmit_skb}.
 */
final class TcpOutput {
  /** TCP_INIT_CWND. */
  static final int INITIAL_WINDOW = 10;

  private final Stack s;
  private final Flights fl;
  private final Connections tcb;
  private final SendQueue sq;

  TcpOutput(Stack s) {
    this.s = s;
    this.fl = s.fl;
    this.tcb = s.tcb;
    this.sq = s.sq;
  }

  /** Queues [writeSeq, writeSeq + bytes) as one message. */
  void queue(int bytes, int mark, int flags) {
    int seq = fl.writeSeq();
    int end = seq + bytes + ((flags & SendQueue.F_FIN) != 0 ? 1 : 0);
    int row = sq.create(seq, end, mark, flags);
    int tail = fl.sendTail();
    if (tail == 0) {
      fl.sendHead(row);
    } else {
      sq.at(tail);
      sq.next(row);
    }
    fl.sendTail(row);
    if (fl.sendNext() == 0) {
      fl.sendNext(row);
    }
    fl.writeSeq(end);
  }

  /** {@code tcp_send_fin}: the last segment carries the FIN if it has not been sent yet. */
  void queueFin() {
    if (fl.sendNext() == 0) {
      queue(0, 0, SendQueue.F_FIN);
      return;
    }
    sq.at(fl.sendTail());
    sq.setFlag(SendQueue.F_FIN);
    sq.end(sq.end() + 1);
    fl.writeSeq(fl.writeSeq() + 1);
  }

  /** Sends what the windows and Nagle's rule allow; true if anything went out. */
  boolean push(boolean nagleOff) {
    int sent = 0;
    int next = fl.sendNext();
    boolean idle = fl.packetsOut() == 0;
    if (next != 0 && idle) {
      restartAfterIdle();
    }
    while (next != 0 && sendOne(next, nagleOff, false)) {
      sent++;
      next = fl.sendNext();
    }
    if (sent == 0) {
      return false;
    }
    // Where nothing was out before, the RTO of the oldest segment begins now.
    if (!s.lossProbe.schedule(idle) && (idle || fl.pending() == Flights.PENDING_TLP)) {
      s.retransmit.rearm();
    }
    return true;
  }

  /**
   * A loss probe with new data, whatever the congestion window says ({@code tcp_write_xmit} with
   * push_one = 2). False if nothing waits or the receive window is full.
   */
  boolean pushProbe() {
    int next = fl.sendNext();
    return next != 0 && sendOne(next, true, true);
  }

  /**
   * {@code tcp_cwnd_restart}: halves the window for each RTO of idleness, not below the initial.
   */
  private void restartAfterIdle() {
    int idle = s.jiffies - fl.lastSend();
    int rto = fl.rto();
    if (tcb.state() == State.SYN_SENT || idle <= rto) {
      return;
    }
    int cwnd = tcb.cwnd();
    int restart = Math.min(INITIAL_WINDOW, cwnd);
    while ((idle -= rto) > 0 && cwnd > restart) {
      cwnd >>= 1;
    }
    tcb.cwnd(Math.max(cwnd, restart));
    fl.cwndCredit(0);
  }

  /**
   * Sends the segment at {@code row}, split to a full one if it is longer; false if it must wait.
   */
  private boolean sendOne(int row, boolean nagleOff, boolean probe) {
    if (!probe && fl.packetsOut() - fl.lostOut() >= tcb.cwnd()) {
      return false;
    }
    sq.at(row);
    int mss = mss();
    int seq = sq.seq();
    int end = sq.end();
    int fin = sq.flag(SendQueue.F_FIN) ? 1 : 0;
    int length = end - seq - fin;
    int sendEnd = length > mss ? seq + mss : end;
    if (SeqNum.after(sendEnd, tcb.sndUna() + fl.sndWnd())) {
      return false;
    }
    if (length > mss) {
      split(row, seq + mss);
      fin = 0;
      length = mss;
    } else if (length < mss && fin == 0 && !nagleOff && waitsForNagle()) {
      return false;
    }
    if (s.host.deviceRefuses) {
      return false;
    }
    if (length < mss) {
      fl.sndSml(sq.end());
    }
    fl.sendNext(sq.next());
    fl.packetsOut(fl.packetsOut() + 1);
    fl.sndNxt(sq.end());
    if (length > 0) {
      s.host.mib[Mib.ORIG_DATA_SENT]++;
      dataSent();
    }
    transmit();
    return true;
  }

  /** mss_cache: what a full segment holds, {@code tcp_sync_mss}. */
  int mss() {
    int mss = s.contract.mss;
    int most = fl.maxWindow();
    return mss > most >> 1 ? boundToHalfWindow(mss, most) : mss;
  }

  /**
   * {@code tcp_bound_to_half_wnd}: two segments fit the largest window that the peer has offered,
   * unless that is tiny; no less than a segment of 68 bytes holds (RFC 791).
   */
  private int boundToHalfWindow(int mss, int most) {
    int cutoff = most > Receive.DEFAULT_MSS ? most >> 1 : most;
    int header = s.contract.timestamps ? 32 : 20;
    return cutoff != 0 && mss > cutoff ? Math.max(cutoff, 68 - header) : mss;
  }

  /** {@code tcp_nagle_check} with Minshall's change: only one small segment in flight. */
  private boolean waitsForNagle() {
    return !s.contract.options.noDelay
        && fl.packetsOut() > 0
        && SeqNum.after(fl.sndSml(), tcb.sndUna())
        && !SeqNum.after(fl.sndSml(), fl.sndNxt());
  }

  /** {@code tcp_event_data_sent}: an answer within the ATO makes the connection interactive. */
  private void dataSent() {
    fl.lastSend(s.jiffies);
    if (tcb.ato() != 0 && s.jiffies - tcb.lastReceive() < tcb.ato()) {
      tcb.pingpong(Math.min(7, tcb.pingpong() + 1));
    }
  }

  /** {@code tcp_fragment}: the row keeps [seq, at), a new one behind it has the rest. */
  private void split(int row, int at) {
    sq.at(row);
    int end = sq.end();
    int mark = sq.mark();
    int next = sq.next();
    int flags = (sq.flag(SendQueue.F_FIN) ? SendQueue.F_FIN : 0) | SendQueue.F_PUSH;
    int rest = sq.create(at, end, mark, flags);
    sq.next(next);
    sq.at(row);
    sq.end(at);
    sq.mark(0);
    sq.clearFlag(SendQueue.F_FIN | SendQueue.F_PUSH);
    sq.next(rest);
    if (fl.sendTail() == row) {
      fl.sendTail(rest);
    }
  }

  /** Puts the segment of a row on the wire, first time or again. */
  void transmit(int row) {
    sq.at(row);
    transmit();
  }

  private void transmit() {
    sq.sentUs(s.nowUs());
    sq.countTransmission();
    int flags = Segment.ACK;
    int fin = 0;
    if (sq.flag(SendQueue.F_FIN)) {
      flags |= Segment.FIN;
      fin = 1;
    }
    if (sq.flag(SendQueue.F_PUSH)) {
      flags |= Segment.PSH;
    }
    if (sq.flag(SendQueue.F_SYN)) {
      sendSyn(sq.seq());
      return;
    }
    int length = sq.end() - sq.seq() - fin;
    Segment out = begin(flags, sq.seq());
    out.length = length;
    out.mark = sq.mark();
    emit(out);
  }

  /** A segment without data: ACK, probe, or what {@code flags} say. */
  void sendEmpty(int flags, int seq) {
    emit(begin(flags, seq));
  }

  /** {@code tcp_send_ack}. */
  void sendAck() {
    sendEmpty(Segment.ACK, acceptableSeq());
  }

  /**
   * {@code tcp_acceptable_seq}: what is sent next, but not beyond a window that has shrunk, unless
   * by less than the window's scale can say.
   */
  int acceptableSeq() {
    int next = fl.sndNxt();
    int beyond = next - (tcb.sndUna() + fl.sndWnd());
    if (beyond <= 0 || s.contract.windowScaling && beyond < 1 << s.contract.receiveScale) {
      return next;
    }
    return next - beyond;
  }

  private Segment begin(int flags, int seq) {
    Segment out = s.out;
    out.source = tcb.local();
    out.destination = tcb.remote();
    out.ports = tcb.ports();
    out.seq = seq;
    out.ack = tcb.rcvNxt();
    out.flags = flags;
    out.length = 0;
    out.mark = 0;
    out.window = s.receive.selectWindow() >>> s.contract.receiveScale;
    out.options = 0;
    if (s.contract.timestamps) {
      out.options = Segment.OPT_TIMESTAMP;
      out.tsValue = s.timestamp(out.source, out.destination);
      out.tsEcho = tcb.tsRecent();
    }
    s.acks.sent();
    return out;
  }

  private void emit(Segment out) {
    s.host.mib[Mib.OUT_SEGS]++;
    s.egress.emit(s.nowNs, s.host.host(), out);
  }

  /** The SYN of an active open, {@code tcp_syn_options}; with ACK where SYNs have crossed. */
  private void sendSyn(int seq) {
    Segment out = s.out;
    out.source = tcb.local();
    out.destination = tcb.remote();
    out.ports = tcb.ports();
    out.seq = seq;
    boolean crossed = tcb.state() != State.SYN_SENT;
    out.ack = crossed ? tcb.rcvNxt() : 0;
    out.flags = crossed ? Segment.SYN | Segment.ACK : Segment.SYN;
    out.length = 0;
    out.window = Math.min(fl.rcvWnd(), 0xFFFF);
    s.handshake.synOptions(out, crossed ? s.handshake.offer(s.contract) : s.contract);
    out.tsEcho = crossed ? tcb.tsRecent() : 0;
    emit(out);
  }
}
