package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Received data: order, windows, what the application has not read ({@code tcp_data_queue}). */
final class Receive {
  /** TCP_MSS_DEFAULT. */
  static final int DEFAULT_MSS = 536;

  private final Stack s;

  /** The current segment has brought data that nobody needs to be told of. */
  private boolean readsAtOnce;

  Receive(Stack s) {
    this.s = s;
  }

  /** {@code tcp_select_initial_window}: whole segments of the space. */
  int initialWindow(int mss) {
    HostTcp h = s.host;
    if (mss != h.windowMss) {
      int space = h.receiveSpace;
      h.windowMss = mss;
      h.windowOfMss = Math.min(0xFFFF, space > mss ? space / mss * mss : space);
    }
    return h.windowOfMss;
  }

  /** Bytes in order that the application has not read; the peer's FIN is not one of them. */
  int unread() {
    int n = s.tcb.rcvNxt() - s.fl.copiedSeq();
    return n > 0 && State.hasPeersFin(s.tcb.state()) ? n - 1 : n;
  }

  /** {@code tcp_select_window}: what to offer now; never less than was offered before. */
  static int selectWindow(Stack s) {
    int rcvNxt = s.tcb.rcvNxt();
    int offered = Math.max(0, s.fl.rcvWup() + s.fl.rcvWnd() - rcvNxt);
    int window = Math.max(offered, freeWindow(s, clamp(s)));
    Contract c = s.contract;
    window = Math.min(window + c.windowFraction & ~c.windowFraction, c.windowMost);
    s.fl.rcvWnd(window);
    s.fl.rcvWup(rcvNxt);
    return window;
  }

  /** {@code __tcp_select_window}: nothing below a segment or a sixteenth of the buffer. */
  private static int freeWindow(Stack s, int clamp) {
    int free = clamp - (s.tcb.rcvNxt() - s.fl.copiedSeq());
    return free < clamp >> 4 || free < s.fl.rcvMss() ? 0 : free;
  }

  private static int clamp(Stack s) {
    Contract c = s.contract;
    int asked = c.options.receiveBufferBytes;
    if (asked != 0) {
      return asked;
    }
    int mss = s.tcb.flag(Connections.F_ACTIVE) ? c.advertisedMss : c.payloadMss;
    return mss == s.host.windowMss ? s.host.windowOfMss : s.receive.initialWindow(mss);
  }

  static boolean windowCanGrow(Stack s) {
    return s.fl.copiedSeq() == s.tcb.rcvNxt() || freeWindow(s, clamp(s)) >= s.fl.rcvWnd();
  }

  /** Whether reading has opened the window enough to tell the peer. */
  static boolean windowOpened(Stack s) {
    int now = Math.max(0, s.fl.rcvWup() + s.fl.rcvWnd() - s.tcb.rcvNxt());
    int clamp = clamp(s);
    if (2 * now > clamp) {
      return false;
    }
    int fresh = freeWindow(s, clamp);
    return fresh != 0 && fresh >= 2 * now;
  }

  /** Takes the payload and FIN of the current segment. The connection may be gone afterwards. */
  static void data(Stack s) {
    Segment in = s.in;
    int rcvNxt = s.tcb.rcvNxt();
    if (in.seq != rcvNxt) {
      s.receive.outOfOrder(rcvNxt);
      return;
    }
    int length = in.length;
    if (length > 0) {
      if (s.fl.rcvWup() + s.fl.rcvWnd() - rcvNxt <= 0) {
        s.receive.outOfWindow();
        return;
      }
      take(s, rcvNxt, length, in.mark, in.has(Segment.FIN));
    }
    if (in.has(Segment.FIN)) {
      s.closing.finReceived();
    }
    if (s.fl.pieces() != 0) {
      s.receive.drainPieces();
    }
  }

  /** A segment that begins before or after what comes next. */
  private void outOfOrder(int rcvNxt) {
    Segment in = s.in;
    int end = in.endSeq();
    if (!SeqNum.after(end, rcvNxt)) {
      s.acks.enterQuickMode();
      s.fl.ackScheduled(true);
      return;
    }
    if (SeqNum.before(in.seq, rcvNxt)) {
      if (s.fl.rcvWup() + s.fl.rcvWnd() - rcvNxt <= 0) {
        outOfWindow();
        return;
      }
      int fresh = end - rcvNxt - (in.flags & Segment.FIN);
      inOrder(fresh, in.has(Segment.FIN), in.mark);
      drainPieces();
      return;
    }
    if (!SeqNum.before(in.seq, s.fl.rcvWup() + s.fl.rcvWnd())) {
      outOfWindow();
      return;
    }
    keepPiece(in.seq, end);
  }

  private void outOfWindow() {
    s.acks.enterQuickMode();
    s.fl.ackScheduled(true);
    s.fl.ackNow(true);
  }

  private void inOrder(int length, boolean fin, int mark) {
    if (length > 0) {
      take(s, s.tcb.rcvNxt(), length, mark, fin);
    }
    if (fin) {
      s.closing.finReceived();
    }
  }

  /** Bytes that come next; the FIN behind them is not taken here. */
  private static void take(Stack s, int rcvNxt, int length, int mark, boolean fin) {
    s.tcb.rcvNxt(rcvNxt + length);
    AckPolicy.dataReceived(s, length);
    if (mark == 0 && !fin && s.host.readsAtOnce && s.tcb.isOwned()) {
      s.receive.readsAtOnce = true;
    } else {
      s.receive.tell(mark);
    }
  }

  private void tell(int mark) {
    if (s.tcb.flag(Connections.F_ORPHAN)) {
      s.fl.copiedSeq(s.tcb.rcvNxt());
    }
    s.post(Sockets.READABLE | (mark != 0 ? Sockets.MESSAGE : 0), mark, 0);
  }

  /**
   * After everything that the current segment brought about: reads what came, where the application
   * does so at once.
   */
  static void readAtOnce(Stack s) {
    Receive r = s.receive;
    if (r.readsAtOnce) {
      r.readsAtOnce = false;
      int n = r.unread();
      s.fl.copiedSeq(s.fl.copiedSeq() + n);
      AckPolicy.afterRead(s, n);
    }
  }

  /** The connection has ended with the current segment: what it brought is with its remains. */
  void connectionEnded() {
    readsAtOnce = false;
  }

  /** {@code tcp_data_queue_ofo}: keeps it, sorted; pieces that overlap are kept as they are. */
  private void keepPiece(int seq, int end) {
    s.host.count(Mib.ESTABLISHED_OUT_OF_ORDER);
    s.fl.ackScheduled(true);
    int flags = s.in.has(Segment.FIN) ? SendQueue.F_FIN : 0;
    int previous = 0;
    int next = s.fl.pieces();
    while (next != 0) {
      s.sq.at(next);
      if (s.sq.seq() == seq && s.sq.end() == end) {
        return;
      }
      if (SeqNum.after(s.sq.seq(), seq)) {
        break;
      }
      previous = next;
      next = s.sq.next();
    }
    int row = s.sq.create(seq, end, s.in.mark, flags);
    s.sq.next(next);
    if (previous == 0) {
      s.fl.pieces(row);
    } else {
      s.sq.at(previous);
      s.sq.next(row);
    }
  }

  private void drainPieces() {
    for (int row = s.fl.pieces(); row != 0; row = s.fl.pieces()) {
      s.sq.at(row);
      int rcvNxt = s.tcb.rcvNxt();
      if (SeqNum.after(s.sq.seq(), rcvNxt)) {
        return;
      }
      int end = s.sq.end();
      boolean fin = s.sq.flag(SendQueue.F_FIN);
      int mark = s.sq.mark();
      s.fl.pieces(s.sq.next());
      s.sq.free(row);
      if (SeqNum.after(end, rcvNxt)) {
        inOrder(end - rcvNxt - (fin ? 1 : 0), fin, mark);
        if (fin) {
          return;
        }
      }
    }
  }
}
