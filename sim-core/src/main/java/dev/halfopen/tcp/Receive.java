package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Received data: order, windows, what the application has not read ({@code tcp_data_queue}). */
final class Receive {
  /** TCP_MSS_DEFAULT. */
  static final int DEFAULT_MSS = 536;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final SendQueue sq;

  /** The current segment has brought data that nobody needs to be told of. */
  private boolean readsAtOnce;

  Receive(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.sq = s.sq;
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
    int n = tcb.rcvNxt() - fl.copiedSeq();
    int state = tcb.state();
    boolean fin = state == State.CLOSE_WAIT || state == State.LAST_ACK || state == State.CLOSING;
    return fin && n > 0 ? n - 1 : n;
  }

  /** {@code tcp_select_window}: what to offer now; never less than was offered before. */
  int selectWindow() {
    int offered = fl.rcvWup() + fl.rcvWnd() - tcb.rcvNxt();
    int window = Math.max(0, offered);
    int fresh = freeWindow();
    if (fresh > window) {
      window = fresh;
    }
    int scale = s.contract.receiveScale;
    window = window + (1 << scale) - 1 >> scale << scale;
    window = Math.min(window, 0xFFFF << scale);
    fl.rcvWnd(window);
    fl.rcvWup(tcb.rcvNxt());
    return window;
  }

  /** {@code __tcp_select_window}: nothing below a segment or a sixteenth of the buffer. */
  private int freeWindow() {
    int clamp = clamp();
    int free = clamp - (tcb.rcvNxt() - fl.copiedSeq());
    return free < clamp >> 4 || free < fl.rcvMss() ? 0 : free;
  }

  private int clamp() {
    int asked = s.contract.options.receiveBufferBytes;
    boolean active = tcb.flag(Connections.F_ACTIVE);
    int mss = s.contract.advertisedMss - (s.contract.timestamps && !active ? 12 : 0);
    return asked != 0 ? asked : initialWindow(mss);
  }

  boolean windowCanGrow() {
    return freeWindow() >= fl.rcvWnd() || fl.copiedSeq() == tcb.rcvNxt();
  }

  /** Whether reading has opened the window enough to tell the peer. */
  boolean windowOpened() {
    int now = Math.max(0, fl.rcvWup() + fl.rcvWnd() - tcb.rcvNxt());
    if (2 * now > clamp()) {
      return false;
    }
    int fresh = freeWindow();
    return fresh != 0 && fresh >= 2 * now;
  }

  /** Takes the payload and FIN of the current segment. The connection may be gone afterwards. */
  void data() {
    Segment in = s.in;
    if (in.length == 0 && !in.has(Segment.FIN)) {
      return;
    }
    int rcvNxt = tcb.rcvNxt();
    int end = in.endSeq();
    if (in.seq == rcvNxt) {
      if (fl.rcvWup() + fl.rcvWnd() - rcvNxt <= 0 && in.length > 0) {
        outOfWindow();
        return;
      }
      inOrder(in.length, in.has(Segment.FIN), in.mark);
      if (fl.pieces() != 0) {
        drainPieces();
      }
      return;
    }
    if (!SeqNum.after(end, rcvNxt)) {
      s.acks.enterQuickMode();
      fl.ackScheduled(true);
      return;
    }
    if (SeqNum.before(in.seq, rcvNxt)) {
      if (fl.rcvWup() + fl.rcvWnd() - rcvNxt <= 0) {
        outOfWindow();
        return;
      }
      int fresh = end - rcvNxt - (in.flags & Segment.FIN);
      inOrder(fresh, in.has(Segment.FIN), in.mark);
      drainPieces();
      return;
    }
    if (!SeqNum.before(in.seq, fl.rcvWup() + fl.rcvWnd())) {
      outOfWindow();
      return;
    }
    keepPiece(in.seq, end);
  }

  private void outOfWindow() {
    s.acks.enterQuickMode();
    fl.ackScheduled(true);
    fl.ackNow(true);
  }

  private void inOrder(int length, boolean fin, int mark) {
    if (length > 0) {
      tcb.rcvNxt(tcb.rcvNxt() + length);
      s.acks.dataReceived(length);
      if (mark == 0 && !fin && s.host.readsAtOnce && isOwned()) {
        readsAtOnce = true;
      } else {
        tell(mark);
      }
    }
    if (fin) {
      s.closing.finReceived();
    }
  }

  private boolean isOwned() {
    return tcb.flag(Connections.F_ACCEPTED) && !tcb.flag(Connections.F_ORPHAN);
  }

  private void tell(int mark) {
    if (tcb.flag(Connections.F_ORPHAN)) {
      fl.copiedSeq(tcb.rcvNxt());
    }
    s.post(Sockets.READABLE | (mark != 0 ? Sockets.MESSAGE : 0), mark, 0);
  }

  /**
   * After everything that the current segment brought about: reads what came, where the application
   * does so at once.
   */
  void readAtOnce() {
    if (readsAtOnce) {
      readsAtOnce = false;
      int n = unread();
      fl.copiedSeq(fl.copiedSeq() + n);
      s.acks.afterRead(n);
    }
  }

  /** The connection has ended with the current segment: what it brought is with its remains. */
  void connectionEnded() {
    readsAtOnce = false;
  }

  /** {@code tcp_data_queue_ofo}: keeps it, sorted; pieces that overlap are kept as they are. */
  private void keepPiece(int seq, int end) {
    s.host.count(Mib.ESTABLISHED_OUT_OF_ORDER);
    fl.ackScheduled(true);
    int flags = s.in.has(Segment.FIN) ? SendQueue.F_FIN : 0;
    int previous = 0;
    int next = fl.pieces();
    while (next != 0) {
      sq.at(next);
      if (sq.seq() == seq && sq.end() == end) {
        return;
      }
      if (SeqNum.after(sq.seq(), seq)) {
        break;
      }
      previous = next;
      next = sq.next();
    }
    int row = sq.create(seq, end, s.in.mark, flags);
    sq.next(next);
    if (previous == 0) {
      fl.pieces(row);
    } else {
      sq.at(previous);
      sq.next(row);
    }
  }

  private void drainPieces() {
    for (int row = fl.pieces(); row != 0; row = fl.pieces()) {
      sq.at(row);
      int rcvNxt = tcb.rcvNxt();
      if (SeqNum.after(sq.seq(), rcvNxt)) {
        return;
      }
      int end = sq.end();
      boolean fin = sq.flag(SendQueue.F_FIN);
      int mark = sq.mark();
      fl.pieces(sq.next());
      sq.free(row);
      if (SeqNum.after(end, rcvNxt)) {
        inOrder(end - rcvNxt - (fin ? 1 : 0), fin, mark);
        if (fin) {
          return;
        }
      }
    }
  }
}
