package dev.halfopen.tcp;

import dev.halfopen.engine.RecordTable;
import dev.halfopen.engine.TimerWheel;
import java.lang.reflect.Field;
import java.util.BitSet;

/** What must hold of a stack between any two events; scans whole tables. */
final class Invariants {
  private static final Field FREE = field("free");
  private static final Field SPARE = field("spare");
  private static final Field SPARES = field("spares");
  private static final Field SEGMENTS = field("segments");
  private static final Field SHIFT = field("shift");
  private static final Field LINK = field("linkWord");
  private static final int PAD = 12;

  private final TestHost h;
  private final Stack s;
  private final BitSet flights = new BitSet();
  private final BitSet queued = new BitSet();
  private final int[] states = new int[State.COUNT];
  private int orphans;

  private Invariants(TestHost h) {
    this.h = h;
    this.s = h.stack;
  }

  private static Field field(String name) {
    try {
      Field f = RecordTable.class.getDeclaredField(name);
      f.setAccessible(true);
      return f;
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  static void check(TestHost h) {
    new Invariants(h).all();
  }

  private static void that(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static void same(long actual, long expected, String what) {
    if (actual != expected) {
      throw new AssertionError(what + ": " + actual + ", expected " + expected);
    }
  }

  private void all() {
    BitSet connections = free(s.tcb);
    for (int row = 1; row <= s.tcb.highWater(); row++) {
      s.tcb.move(row);
      boolean live = s.tcb.state() != State.CLOSED;
      that(live != connections.get(row), "connection " + row + " is live or free, not both");
      if (live) {
        connection(row);
      }
    }
    requests();
    timeWaits();
    same(flights.cardinality(), s.fl.live(), "flights in use");
    same(queued.cardinality(), s.sq.live(), "queue records in use");
    free(s.fl);
    free(s.sq);
    same(
        h.tcp.demuxEntries(),
        h.tcp.connections() + h.tcp.requests() + h.tcp.timeWaits(),
        "demux entries");
    gauges();
    acceptQueues();
  }

  /** The free rows, spare ones and those of the list; as many as the table says. */
  private static BitSet free(RecordTable t) {
    BitSet rows = new BitSet();
    try {
      int shift = SHIFT.getInt(t);
      int link = LINK.getInt(t);
      int[] words = ((int[][]) SEGMENTS.get(t))[0];
      for (int r = FREE.getInt(t); r != 0; r = words[(r << shift) + PAD + link]) {
        that(!rows.get(r), t.name() + " " + r + " is twice in the free list");
        rows.set(r);
      }
      int[] spare = (int[]) SPARE.get(t);
      for (int i = SPARES.getInt(t) - 1; i >= 0; i--) {
        that(!rows.get(spare[i]), t.name() + " " + spare[i] + " is free twice");
        rows.set(spare[i]);
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    same(rows.cardinality(), t.highWater() - t.live(), t.name() + " in the free list");
    return rows;
  }

  private void found(String what, int tag, int row, int local, int remote, int ports) {
    int p = s.demux.find(Demux.hash(local, remote, ports), local, remote, ports);
    that(p >= 0, what + " " + row + " is not in the demux");
    that(s.demux.tagAt(p) == tag && s.demux.rowAt(p) == row, what + " " + row + " is shadowed");
  }

  // ---- connections

  private void connection(int row) {
    found("connection", Demux.CONNECTION, row, s.tcb.local(), s.tcb.remote(), s.tcb.ports());
    s.tcb.move(row);
    int state = s.tcb.state();
    states[state]++;
    boolean orphan = s.tcb.flag(Connections.F_ORPHAN);
    orphans += orphan ? 1 : 0;
    String who = "connection " + row + " in " + State.name(state) + ": ";
    int flight = s.tcb.flight();
    if (flight == 0) {
      same(state, State.ESTABLISHED, who + "quiescent");
      return;
    }
    that(!flights.get(flight), who + "flight " + flight + " is shared");
    flights.set(flight);
    s.fl.at(flight);
    sequences(who, state);
    sendQueue(who);
    pieces(who);
    timers(who, row, state, orphan);
    entry(who, row);
    release(who);
  }

  private void sequences(String who, int state) {
    int una = s.tcb.sndUna();
    that(!SeqNum.after(una, s.fl.sndNxt()), who + "sndUna <= sndNxt");
    that(!SeqNum.after(s.fl.sndNxt(), s.fl.writeSeq()), who + "sndNxt <= writeSeq");
    if (state != State.SYN_SENT) {
      that(!SeqNum.after(s.fl.rcvWup(), s.tcb.rcvNxt()), who + "rcvWup <= rcvNxt");
      that(!SeqNum.after(s.fl.copiedSeq(), s.tcb.rcvNxt()), who + "copiedSeq <= rcvNxt");
    }
    that(s.fl.rcvWnd() >= 0 && s.fl.sndWnd() >= 0, who + "windows");
    that(s.tcb.cwnd() > 0, who + "cwnd > 0");
  }

  private void sendQueue(String who) {
    int out = 0;
    int lost = 0;
    int seq = s.tcb.sndUna();
    boolean sent = true;
    int last = 0;
    for (int r = s.fl.sendHead(); r != 0; ) {
      that(!queued.get(r), who + "queue record " + r + " is shared");
      queued.set(r);
      sent = sent && r != s.fl.sendNext();
      s.sq.at(r);
      if (sent) {
        out++;
        lost += s.sq.flag(SendQueue.F_LOST) ? 1 : 0;
      } else if (r == s.fl.sendNext()) {
        same(s.sq.seq(), s.fl.sndNxt(), who + "sendNext starts at sndNxt");
      }
      same(s.sq.seq(), seq, who + "send queue is contiguous");
      that(SeqNum.after(s.sq.end(), seq), who + "queued segment is empty");
      seq = s.sq.end();
      last = r;
      r = s.sq.next();
    }
    same(seq, s.fl.writeSeq(), who + "send queue ends at writeSeq");
    same(last, s.fl.sendTail(), who + "tail of the send queue");
    if (s.fl.sendNext() == 0) {
      same(s.fl.sndNxt(), s.fl.writeSeq(), who + "all is sent");
    }
    same(s.fl.packetsOut(), out, who + "packetsOut");
    same(s.fl.lostOut(), lost, who + "lostOut");
  }

  private void pieces(String who) {
    int seq = s.tcb.rcvNxt();
    for (int r = s.fl.pieces(); r != 0; ) {
      that(!queued.get(r), who + "piece " + r + " is shared");
      queued.set(r);
      s.sq.at(r);
      that(SeqNum.after(s.sq.seq(), s.tcb.rcvNxt()), who + "piece starts after rcvNxt");
      that(!SeqNum.before(s.sq.seq(), seq), who + "pieces are sorted");
      seq = s.sq.seq();
      r = s.sq.next();
    }
  }

  /** Who wants to wake has an entry by then; its row may have an earlier one from before. */
  private void entry(String who, int row) {
    int wanted = s.fl.wheelSlot();
    if (wanted == 0) {
      return;
    }
    int entry = s.fl.entrySlot();
    that(entry != 0 && entry <= wanted, who + "wakes in slot " + entry + ", not by " + wanted);
    long endNs = (Integer.toUnsignedLong(entry) + 1 << TimerWheel.SLOT_SHIFT) - 1;
    that(h.clock.hasAlarm(h, TimerIds.connection(row), endNs), who + "no entry in " + entry);
  }

  /** Who has nothing to do gives its Flight back some day. */
  private void release(String who) {
    if (s.isQuiescent()) {
      that(s.fl.wheelSlot() != 0, who + "keeps its Flight for good");
    }
  }

  /** Who waits for the peer has a timer. Waiting for its own application needs none. */
  private void timers(String who, int row, int state, boolean orphan) {
    if (s.fl.packetsOut() > 0 || s.fl.sendNext() != 0) {
      that(s.fl.pending() != Flights.PENDING_NONE, who + "waits for an ACK without a timer");
    }
    switch (state) {
      case State.SYN_SENT, State.SYN_RECV, State.FIN_WAIT_1, State.CLOSING, State.LAST_ACK ->
          that(s.fl.pending() != Flights.PENDING_NONE, who + "waits without a timer");
      case State.FIN_WAIT_2 ->
          that(!orphan || s.fl.closeTimer(), who + "orphan waits for a FIN without a timer");
      case State.ESTABLISHED, State.CLOSE_WAIT -> that(!orphan, who + "nobody owns it");
      default -> throw new AssertionError(who + "no state of a connection");
    }
    if (s.fl.anyTimer()) {
      alarm(who, row, s.fl.pending() != Flights.PENDING_NONE, s.fl.rtoAt());
      alarm(who, row, s.fl.ackTimer(), s.fl.ackAt());
      alarm(who, row, s.fl.closeTimer(), s.fl.closeAt());
    }
  }

  private void alarm(String who, int row, boolean armed, int jiffy) {
    if (armed) {
      long ns = h.host.host().jiffyNs(near(jiffy), s.tcb.local());
      that(
          h.clock.hasAlarm(h, TimerIds.connection(row), ns),
          who + "a timer has no alarm " + (ns - h.clock.nowNs()) + " ns ahead");
    }
  }

  /** The full count of which {@code jiffy} is the low half. */
  private long near(int jiffy) {
    long now = h.host.host().jiffies(h.clock.nowNs(), h.address);
    return now + (jiffy - (int) now);
  }

  // ---- the others

  private void requests() {
    BitSet unused = free(s.req);
    for (int row = 1; row <= s.req.highWater(); row++) {
      s.req.move(row);
      that(s.req.isLive() != unused.get(row), "request " + row + " is live or free, not both");
      if (s.req.isLive()) {
        found("request", Demux.REQUEST, row, s.req.local(), s.req.remote(), s.req.ports());
        s.req.move(row);
        states[State.SYN_RECV]++;
        int now = (int) h.host.host().jiffies(h.clock.nowNs(), h.address);
        long ns = h.host.host().jiffyNs(near(s.req.expires(now)), s.req.local());
        that(h.clock.hasAlarm(h, TimerIds.request(row), ns), "request " + row + " has no alarm");
      }
    }
  }

  private void timeWaits() {
    BitSet unused = free(s.tw);
    for (int row = 1; row <= s.tw.highWater(); row++) {
      s.tw.move(row);
      that(s.tw.isLive() != unused.get(row), "TIME_WAIT " + row + " is live or free, not both");
      if (!s.tw.isLive()) {
        continue;
      }
      found("TIME_WAIT", Demux.TIME_WAIT, row, s.tw.local(), s.tw.remote(), s.tw.ports());
      s.tw.move(row);
      states[State.TIME_WAIT]++;
      if (h.host.sysctl().kernel().timeWaitClock() == KernelProfile.TimeWaitClock.TIMER) {
        long now = h.host.host().commonJiffies(h.clock.nowNs());
        long ahead = s.tw.ends() - now & TimeWaits.JIFFY_MASK;
        that(ahead <= 200L * h.host.hz, "TIME_WAIT " + row + " ends after " + ahead + " jiffies");
        long ns = h.host.host().commonJiffyNs(now + ahead);
        that(h.clock.hasAlarm(h, TimerIds.lane(0), ns), "TIME_WAIT " + row + " has no alarm");
      } else {
        long ns = h.host.slots.tickNs();
        that(ns != TimeWaitSlots.IDLE, "TIME_WAIT " + row + " in slots that stand still");
        that(h.clock.hasAlarm(h, TimerIds.slots(0), ns), "slots have no alarm");
      }
    }
  }

  private void gauges() {
    SocketGauges g = h.host.gauges;
    same(g.value(SocketGauges.ESTABLISHED), states[State.ESTABLISHED], "gauge ESTABLISHED");
    same(g.value(SocketGauges.SYN_SENT), states[State.SYN_SENT], "gauge SYN_SENT");
    same(g.value(SocketGauges.SYN_RECV), states[State.SYN_RECV], "gauge SYN_RECV");
    same(g.value(SocketGauges.FIN_WAIT_1), states[State.FIN_WAIT_1], "gauge FIN_WAIT_1");
    same(g.value(SocketGauges.FIN_WAIT_2), states[State.FIN_WAIT_2], "gauge FIN_WAIT_2");
    same(g.value(SocketGauges.CLOSE_WAIT), states[State.CLOSE_WAIT], "gauge CLOSE_WAIT");
    same(g.value(SocketGauges.CLOSING), states[State.CLOSING], "gauge CLOSING");
    same(g.value(SocketGauges.LAST_ACK), states[State.LAST_ACK], "gauge LAST_ACK");
    same(g.value(SocketGauges.TIME_WAIT), states[State.TIME_WAIT], "gauge TIME_WAIT");
    same(g.value(SocketGauges.ORPHANED), orphans, "gauge ORPHANED");
  }

  private void acceptQueues() {
    int requests = 0;
    for (Listener l : h.listeners) {
      if (l.closed) {
        continue;
      }
      requests += l.requests;
      that(l.requests >= 0 && l.young >= 0 && l.young <= l.requests, "SYN queue of " + l.port);
      that(l.queued() <= l.backlog + 1, "accept queue of " + l.port + " holds " + l.queued());
    }
    that(requests <= s.req.live(), "requests of all listeners");
  }
}
