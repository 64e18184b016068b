package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/**
 * The only builder of a connection's segments: {@code tcp_write_xmit}, {@code __tcp_transmit_skb}.
 */
final class TcpOutput {
  /** TCP_INIT_CWND. */
  static final int INITIAL_WINDOW = 10;

  private final Stack s;

  TcpOutput(Stack s) {
    this.s = s;
  }

  /** Queues [writeSeq, writeSeq + bytes) as one message. */
  void queue(int bytes, int mark, int flags) {
    int seq = s.fl.writeSeq();
    int end = seq + bytes + ((flags & SendQueue.F_FIN) != 0 ? 1 : 0);
    int row = s.sq.create(seq, end, mark, flags);
    int tail = s.fl.sendTail();
    if (tail == 0) {
      s.fl.sendHead(row);
    } else {
      s.sq.at(tail);
      s.sq.next(row);
    }
    s.fl.sendTail(row);
    if (s.fl.sendNext() == 0) {
      s.fl.sendNext(row);
    }
    s.fl.writeSeq(end);
  }

  /** {@code tcp_send_fin}: the last segment carries the FIN if it has not been sent yet. */
  void queueFin() {
    if (s.fl.sendNext() == 0) {
      queue(0, 0, SendQueue.F_FIN);
      return;
    }
    s.sq.at(s.fl.sendTail());
    s.sq.setFlag(SendQueue.F_FIN);
    s.sq.end(s.sq.end() + 1);
    s.fl.writeSeq(s.fl.writeSeq() + 1);
  }

  /** Sends what the windows and Nagle's rule allow; true if anything went out. */
  boolean push(boolean nagleOff) {
    int sent = 0;
    int next = s.fl.sendNext();
    boolean idle = s.fl.packetsOut() == 0;
    if (next != 0 && idle) {
      restartAfterIdle();
    }
    while (next != 0 && sendOne(next, nagleOff, false)) {
      sent++;
      next = s.fl.sendNext();
    }
    if (sent == 0) {
      return false;
    }
    // Where nothing was out before, the RTO of the oldest segment begins now.
    if (!LossProbe.schedule(s, idle) && (idle || s.fl.pending() == Flights.PENDING_TLP)) {
      s.retransmit.rearm();
    }
    return true;
  }

  /**
   * A loss probe with new data, whatever the congestion window says ({@code tcp_write_xmit} with
   * push_one = 2). False if nothing waits or the receive window is full.
   */
  boolean pushProbe() {
    int next = s.fl.sendNext();
    return next != 0 && sendOne(next, true, true);
  }

  /**
   * {@code tcp_cwnd_restart}: halves the window for each RTO of idleness, not below the initial.
   */
  private void restartAfterIdle() {
    int idle = s.jiffies - s.fl.lastSend();
    int rto = s.fl.rto();
    if (s.tcb.state() == State.SYN_SENT || idle <= rto) {
      return;
    }
    int cwnd = s.tcb.cwnd();
    int restart = Math.min(INITIAL_WINDOW, cwnd);
    while ((idle -= rto) > 0 && cwnd > restart) {
      cwnd >>= 1;
    }
    s.tcb.cwnd(Math.max(cwnd, restart));
    s.fl.cwndCredit(0);
  }

  /**
   * Sends the segment at {@code row}, split to a full one if it is longer; false if it must wait.
   */
  private boolean sendOne(int row, boolean nagleOff, boolean probe) {
    if (!probe && s.fl.inFlight() >= s.tcb.cwnd()) {
      return false;
    }
    int mss = mss();
    int windowEnd = s.tcb.sndUna() + s.fl.sndWnd();
    s.sq.at(row);
    int seq = s.sq.seq();
    int end = s.sq.end();
    int fin = s.sq.flags() & SendQueue.F_FIN;
    int length = end - seq - fin;
    if (length > mss) {
      end = seq + mss;
      if (SeqNum.after(end, windowEnd)) {
        return false;
      }
      int rest = s.sq.split(end);
      if (s.fl.sendTail() == row) {
        s.fl.sendTail(rest);
      }
      length = mss;
    } else if (SeqNum.after(end, windowEnd)
        || length < mss && fin == 0 && !nagleOff && waitsForNagle()) {
      return false;
    }
    if (s.host.deviceRefuses) {
      return false;
    }
    if (length < mss) {
      s.fl.sndSml(end);
    }
    s.fl.sendNext(s.sq.next());
    s.fl.countOut();
    s.fl.sndNxt(end);
    if (length > 0) {
      s.host.mib[Mib.ORIG_DATA_SENT]++;
      dataSent();
    }
    transmit(seq, length);
    return true;
  }

  /** mss_cache: what a full segment holds, {@code tcp_sync_mss}. */
  int mss() {
    int mss = s.contract.mss;
    int most = s.fl.maxWindow();
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
        && s.fl.packetsOut() > 0
        && SeqNum.after(s.fl.sndSml(), s.tcb.sndUna())
        && !SeqNum.after(s.fl.sndSml(), s.fl.sndNxt());
  }

  /** {@code tcp_event_data_sent}: an answer within the ATO makes the connection interactive. */
  private void dataSent() {
    int now = s.jiffies;
    s.fl.lastSend(now);
    int ato = s.tcb.ato();
    if (ato != 0 && now - s.tcb.lastReceive() < ato) {
      s.tcb.pingpong(Math.min(7, s.tcb.pingpong() + 1));
    }
  }

  /** Puts the segment of a row on the wire, first time or again. */
  void transmit(int row) {
    s.sq.at(row);
    int seq = s.sq.seq();
    transmit(seq, s.sq.end() - seq - (s.sq.flags() & SendQueue.F_FIN));
  }

  /** The same of the row under the cursor, whose first sequence number and length are at hand. */
  private void transmit(int seq, int length) {
    int flags = s.sq.sent(s.nowUs());
    if ((flags & SendQueue.F_SYN) != 0) {
      sendSyn(seq);
      return;
    }
    int psh = (flags & SendQueue.F_PUSH) != 0 ? Segment.PSH : 0;
    int fin = (flags & SendQueue.F_FIN) != 0 ? Segment.FIN : 0;
    Segment out = begin(Segment.ACK | psh | fin, seq);
    out.length = length;
    out.mark = s.sq.mark();
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
    int next = s.fl.sndNxt();
    int beyond = next - (s.tcb.sndUna() + s.fl.sndWnd());
    if (beyond <= 0 || s.contract.windowScaling && beyond < 1 << s.contract.receiveScale) {
      return next;
    }
    return next - beyond;
  }

  private Segment begin(int flags, int seq) {
    Segment out = s.out;
    out.fromSocket = s.tcb.socket();
    out.toSocket = s.fl.peer();
    out.source = s.tcb.local();
    out.destination = s.tcb.remote();
    out.ports = s.tcb.ports();
    out.seq = seq;
    out.ack = s.tcb.rcvNxt();
    out.flags = flags;
    out.length = 0;
    out.mark = 0;
    out.window = Receive.selectWindow(s) >>> s.contract.receiveScale;
    out.options = 0;
    if (s.contract.timestamps) {
      out.options = Segment.OPT_TIMESTAMP;
      out.tsValue = s.timestamp(out.source, out.destination);
      out.tsEcho = s.tcb.tsRecent();
    }
    AckPolicy.sent(s);
    return out;
  }

  private void emit(Segment out) {
    s.host.mib[Mib.OUT_SEGS]++;
    s.egress.emit(s.nowNs, s.host.host(), out);
  }

  /** The SYN of an active open, {@code tcp_syn_options}; with ACK where SYNs have crossed. */
  private void sendSyn(int seq) {
    Segment out = s.out;
    out.fromSocket = s.tcb.socket();
    out.toSocket = s.fl.peer();
    out.source = s.tcb.local();
    out.destination = s.tcb.remote();
    out.ports = s.tcb.ports();
    out.seq = seq;
    boolean crossed = s.tcb.state() != State.SYN_SENT;
    out.ack = crossed ? s.tcb.rcvNxt() : 0;
    out.flags = crossed ? Segment.SYN | Segment.ACK : Segment.SYN;
    out.length = 0;
    out.window = Math.min(s.fl.rcvWnd(), 0xFFFF);
    s.handshake.synOptions(out, crossed ? s.handshake.offer(s.contract) : s.contract);
    out.tsEcho = crossed ? s.tcb.tsRecent() : 0;
    emit(out);
  }
}
