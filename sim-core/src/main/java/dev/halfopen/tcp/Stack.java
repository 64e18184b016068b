package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;

/**
 * What the classes of the stack share: the tables, the sinks, the segment at hand, and the host and
 * instant of the event that is being handled. One per shard.
 */
final class Stack {
  private static final int PURPOSE_ISN = 10;
  private static final int PURPOSE_TS_OFFSET = 11;

  final MemoryBudget budget;
  final Egress egress;
  final Alarms alarms;
  final Readiness readiness;

  final Connections tcb;
  final Flights fl;
  final SendQueue sq;
  final Requests req;
  final TimeWaits tw;
  final LaneChunks laneChunks;
  final Demux demux;
  final Contracts contracts = new Contracts();

  /** The segment that has arrived. */
  Segment in = new Segment();

  /** The segment that is being built. */
  final Segment out = new Segment();

  final ConnectionTimers timers;
  final TcpOutput output;
  final AckPolicy acks;
  final RttEstimator rtt;
  final RetransmitTimer retransmit;
  final LossProbe lossProbe;
  final Resets resets;
  final Closing closing;
  final Receive receive;
  final Established established;
  final Handshake handshake;
  final ListenQueues listenQueues;
  final SynCookies cookies;
  final TimeWaitService timeWait;
  final WindowProbe windowProbe;
  final Touch touch;
  final Keepalive keepalive;
  final Unreachable unreachable;
  final Metrics metrics;
  final MachineEnds machineEnds;
  final Remains remains;

  /** The host whose event is being handled, its jiffies and the instant. */
  HostTcp host;

  long nowNs;
  int jiffies;

  /** The contract of the connection under the cursor. */
  Contract contract;

  @SuppressWarnings("NullAway") // host and contract are set at the start of every event
  Stack(MemoryBudget budget, Egress egress, Alarms alarms, Readiness readiness) {
    this.budget = budget;
    this.egress = egress;
    this.alarms = alarms;
    this.readiness = readiness;
    tcb = new Connections(budget);
    fl = new Flights(budget);
    sq = new SendQueue(budget);
    req = new Requests(budget);
    tw = new TimeWaits(budget);
    laneChunks = new LaneChunks(budget);
    demux = new Demux(tcb, tw, req, budget);
    timers = new ConnectionTimers(this);
    output = new TcpOutput(this);
    acks = new AckPolicy(this);
    rtt = new RttEstimator(this);
    retransmit = new RetransmitTimer(this);
    lossProbe = new LossProbe(this);
    resets = new Resets(this);
    closing = new Closing(this);
    receive = new Receive(this);
    established = new Established(this);
    handshake = new Handshake(this);
    listenQueues = new ListenQueues(this);
    cookies = new SynCookies(this);
    timeWait = new TimeWaitService(this);
    windowProbe = new WindowProbe(this);
    touch = new Touch(this);
    keepalive = new Keepalive(this);
    unreachable = new Unreachable(this);
    metrics = new Metrics(this);
    machineEnds = new MachineEnds(this);
    remains = new Remains(this);
  }

  /** Makes an instant of a host (of one address of a farm) the current one. */
  void enter(long now, HostTcp h, int localAddress) {
    nowNs = now;
    host = h;
    jiffies = (int) h.host().jiffies(now, localAddress);
  }

  /** Loads what belongs to the connection under the cursor: its contract and its Flight. */
  void load() {
    contract = contracts.of(tcb.contract());
    int flight = tcb.flight();
    if (flight == 0) {
      awaken();
    } else {
      fl.at(flight);
      if (fl.wheelSlot() == 0) {
        timers.awakened();
      }
    }
  }

  /** Gives a quiescent connection a Flight again. */
  private void awaken() {
    int peer = tcb.peerWhileAtRest();
    tcb.flight(fl.create());
    fl.peer(peer);
    int una = tcb.sndUna();
    int nxt = tcb.rcvNxt();
    fl.sndNxt(una);
    fl.writeSeq(una);
    fl.copiedSeq(nxt);
    fl.rcvWup(nxt);
    fl.rcvWnd(tcb.rcvWndWire() << contract.receiveScale);
    fl.sndWl1(nxt);
    fl.sndWnd(tcb.sndWndWire() << contract.sendScale);
    fl.maxWindow(fl.sndWnd());
    fl.bytesAcked(Flights.MANY_ACKED);
    fl.mdevMax(host.rtoMinUs);
    fl.rttSeq(una);
    fl.lastSend(tcb.lastReceive());
    fl.lastHeard(tcb.lastReceive());
    fl.rcvMss(Math.min(contract.mss, Receive.DEFAULT_MSS));
    rtt.setRto();
    timers.awakened();
  }

  /** Whether nothing is queued, in flight, unread, delayed or armed. */
  boolean isQuiescent() {
    return tcb.state() == State.ESTABLISHED
        && !fl.anyTimer()
        && fl.sendHead() == 0
        && fl.pieces() == 0
        && fl.copiedSeq() == tcb.rcvNxt()
        && fl.rcvWup() == tcb.rcvNxt()
        && tcb.caState() == 0
        && fl.probes() == 0
        && fl.writeSeq() == tcb.sndUna();
  }

  int nowUs() {
    return (int) (nowNs / 1000);
  }

  int nowMs() {
    return (int) (nowNs / 1_000_000);
  }

  /** {@code secure_tcp_seq}: a hash of the tuple plus a clock of 64 ns. */
  int initialSequence(int local, int remote, int ports) {
    Host h = host.host();
    long tuple = (long) local << 32 | remote & 0xFFFFFFFFL;
    return (int) RandomStreams.bits(h.seed(), ports, PURPOSE_ISN, tuple) + (int) (nowNs >>> 6);
  }

  /** Timestamp clock, ms, with the pair's offset ({@code secure_tcp_ts_off}). */
  int timestamp(int local, int remote) {
    long pair = (long) local << 32 | remote & 0xFFFFFFFFL;
    return nowMs() + (int) RandomStreams.mix(pair + PURPOSE_TS_OFFSET);
  }

  /**
   * Posts readiness for the connection under the cursor, unless nobody owns it. Before accept() the
   * handle word is free and keeps the mark of the last message.
   */
  void post(int bits, int mark, int errno) {
    if (tcb.flag(Connections.F_ORPHAN)) {
      return;
    }
    if (!tcb.flag(Connections.F_ACCEPTED)) {
      if (mark != 0) {
        tcb.handle(mark);
      }
      return;
    }
    readiness.post(host.host(), tcb.reference(), tcb.handle(), bits, mark, errno);
  }
}
