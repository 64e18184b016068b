package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Opening a connection, both ends ({@code tcp_v4_connect}, {@code tcp_conn_request} and after). */
final class Handshake {
  private static final int TIMESTAMP_BYTES = 12;

  private final Stack s;

  Handshake(Stack s) {
    this.s = s;
  }

  // ---- active open

  /** The new row, or -EADDRNOTAVAIL. */
  int connect(int local, int remote, int remotePort, SocketOptions options, int handle) {
    HostTcp h = s.host;
    int port = h.ports.choose(local, remote, remotePort);
    if (port == PortAllocator.NONE) {
      return -Errno.EADDRNOTAVAIL;
    }
    return start(port << 16 | remotePort, local, remote, options, handle);
  }

  /** From a port that bind() chose: the new row, or -EADDRNOTAVAIL. */
  int connectFrom(
      int port, int local, int remote, int remotePort, SocketOptions options, int handle) {
    int ports = port << 16 | remotePort;
    if (!s.host.ports.isFreeBound(local, remote, ports)) {
      return -Errno.EADDRNOTAVAIL;
    }
    return start(ports, local, remote, options, handle);
  }

  private int start(int ports, int local, int remote, SocketOptions options, int handle) {
    HostTcp h = s.host;
    int iss;
    int tsRecent = 0;
    int old = h.ports.reusedTimeWait;
    if (old != 0) {
      s.tw.move(old);
      iss = s.tw.sndNxt() + 65_535 + 2;
      tsRecent = s.tw.tsRecent();
      s.timeWait.takeOver(old);
    } else {
      iss = s.initialSequence(local, remote, ports);
    }
    int row = s.tcb.create();
    s.tcb.tuple(local, remote, ports);
    s.tcb.handle(handle);
    s.tcb.tsRecent(tsRecent);
    s.tcb.setFlag(Connections.F_ACTIVE | Connections.F_ACCEPTED);
    s.demux.insert(Demux.hash(local, remote, ports), Demux.CONNECTION, row);
    if (!h.host().isFarm()) {
      h.destinations.up(remote, ports & 0xFFFF, s.nowNs);
    }
    sendFirstSyn(options, iss);
    return row;
  }

  private void sendFirstSyn(SocketOptions options, int iss) {
    HostTcp h = s.host;
    int mss = options.maxSegment != 0 ? options.maxSegment : s.host.interfaceMss;
    s.contract =
        s.contracts.intern(
            Contract.key(
                mss,
                mss,
                0,
                0,
                h.timestamps,
                h.sack,
                h.windowScaling,
                s.contracts.optionsId(options)));
    s.tcb.contract(s.contract.id);
    s.tcb.sndUna(iss);
    start(iss + 1, s.receive.initialWindow(mss));
    s.fl.rto(h.hz);
    int syn = s.sq.create(iss, iss + 1, 0, SendQueue.F_SYN);
    s.fl.sendHead(syn);
    s.fl.sendTail(syn);
    s.fl.packetsOut(1);
    s.fl.retransStamp(Math.max(1, s.nowMs()));
    Transitions.to(s, State.SYN_SENT);
    h.count(Mib.ACTIVE_OPENS);
    s.output.transmit(syn);
    s.timers.armRetransmit(Flights.PENDING_RTO, h.hz);
  }

  /** A fresh Flight, with everything sent up to {@code sndNxt}. */
  private void start(int sndNxt, int rcvWnd) {
    s.tcb.flight(s.fl.create());
    s.fl.sndNxt(sndNxt);
    s.fl.writeSeq(sndNxt);
    s.fl.rcvWnd(rcvWnd);
    s.fl.sndSml(sndNxt - 1);
    s.fl.mdevMax(s.host.rtoMinUs);
    s.fl.lastSend(s.jiffies);
    s.fl.lastHeard(s.jiffies);
    s.tcb.cwnd(TcpOutput.INITIAL_WINDOW);
    s.tcb.ssthresh(Connections.INFINITE_SSTHRESH);
  }

  /** The offer of a SYN whose owner has agreed on less by now: crossed SYNs repeat it in full. */
  Contract offer(Contract agreed) {
    HostTcp h = s.host;
    int mss = agreed.advertisedMss;
    int optionsId = s.contracts.optionsId(agreed.options);
    return s.contracts.intern(
        Contract.key(mss, mss, 0, 0, h.timestamps, h.sack, h.windowScaling, optionsId));
  }

  /** What a SYN offers. */
  void synOptions(Segment out, Contract c) {
    out.mss = c.advertisedMss;
    out.options = Segment.OPT_MSS;
    if (c.timestamps) {
      out.options |= Segment.OPT_TIMESTAMP;
      out.tsValue = s.timestamp(out.source, out.destination);
    }
    if (c.sack) {
      out.options |= Segment.OPT_SACK_PERMITTED;
    }
    out.windowScale = 0;
    if (c.windowScaling) {
      out.options |= Segment.OPT_WINDOW_SCALE;
      out.windowScale = s.host.windowScale;
    }
  }

  /** {@code tcp_rcv_synsent_state_process}; the connection is under the cursor and loaded. */
  void synSentSegment() {
    Segment in = s.in;
    boolean ack = in.has(Segment.ACK);
    if (ack) {
      if (!SeqNum.after(in.ack, s.tcb.sndUna()) || SeqNum.after(in.ack, s.fl.sndNxt())) {
        if (s.fl.retransmits() == 0) {
          s.timers.armRetransmit(Flights.PENDING_RTO, 2);
        }
        s.resets.toSegment();
        return;
      }
      if (echoesForeignTimestamp()) {
        s.host.count(Mib.PAWS_ACTIVE);
        s.resets.toSegment();
        return;
      }
      if (in.has(Segment.RST)) {
        s.closing.reset();
        return;
      }
    }
    if (in.has(Segment.RST) || !in.has(Segment.SYN)) {
      return;
    }
    if (ack) {
      established();
    } else {
      crossedSyns();
    }
  }

  /** Both ends have sent a SYN: answers with SYN-ACK and waits for the ACK of ours. */
  private void crossedSyns() {
    hearSyn();
    s.fl.rcvMss(Math.min(s.contract.mss, Receive.DEFAULT_MSS));
    Transitions.to(s, State.SYN_RECV);
    s.output.transmit(s.fl.sendHead());
  }

  /**
   * In SYN_RECV of crossed SYNs, the ACK of our SYN: false if the segment is not one. {@code
   * tcp_rcv_state_process} takes whatever {@code tcp_ack} finds neither old nor too new, an ACK of
   * nothing, too; and acknowledges a SYN-ACK as it does old data ({@code tcp_data_queue}).
   */
  boolean synReceivedSegment() {
    Segment in = s.in;
    if (!in.has(Segment.ACK)) {
      return false;
    }
    if (in.ack != s.fl.sndNxt() && in.ack != s.tcb.sndUna()) {
      s.resets.toSegment();
      return false;
    }
    s.fl.sndWnd(in.has(Segment.SYN) ? in.window : in.window << s.contract.sendScale);
    s.fl.maxWindow(s.fl.sndWnd());
    synAcknowledged();
    if (in.has(Segment.SYN)) {
      s.acks.enterQuickMode();
      s.fl.ackScheduled(true);
    }
    s.closing.deferredShutdown();
    return true;
  }

  private boolean echoesForeignTimestamp() {
    Segment in = s.in;
    if (!in.hasOption(Segment.OPT_TIMESTAMP) || in.tsEcho == 0) {
      return false;
    }
    int now = s.timestamp(s.tcb.local(), s.tcb.remote());
    int first = now - (s.nowMs() - s.fl.retransStamp()) - 1;
    return !SeqNum.between(in.tsEcho, first, now);
  }

  private void established() {
    hearSyn();
    synAcknowledged();
    s.output.sendAck();
  }

  /** The connection is open, and our SYN acknowledged unless crossed SYNs went on without. */
  private void synAcknowledged() {
    int lostSyns = s.fl.retransmits();
    if (s.in.ack != s.tcb.sndUna()) {
      s.tcb.sndUna(s.in.ack);
      s.fl.bytesAcked(1);
      s.established.clean(s.in.ack);
      s.timers.disarmRetransmit();
    }
    opened(lostSyns);
    Transitions.to(s, State.ESTABLISHED);
    s.keepalive.startIfAsked();
    s.post(Sockets.CONNECTED, 0, 0);
  }

  /** Takes over what the peer's SYN says. */
  private void hearSyn() {
    Segment in = s.in;
    Contract offered = s.contract;
    s.contract = agree(offered.advertisedMss, offered, s.contracts.optionsId(offered.options));
    s.tcb.contract(s.contract.id);
    s.tcb.rcvNxt(in.seq + 1);
    s.fl.copiedSeq(in.seq + 1);
    s.fl.rcvWup(in.seq + 1);
    s.fl.sndWl1(in.seq);
    s.fl.sndWnd(in.window);
    s.fl.maxWindow(in.window);
    if (s.contract.timestamps) {
      s.tcb.tsRecent(in.tsValue);
    }
  }

  /** {@code tcp_init_transfer}, {@code tcp_init_metrics}. */
  private void opened(int lostSyns) {
    s.fl.retransmits(0);
    s.fl.retransStamp(0);
    s.fl.backoff(0);
    s.tcb.cwnd(lostSyns > 1 ? 1 : TcpOutput.INITIAL_WINDOW);
    s.fl.rcvMss(Math.min(s.contract.mss, Receive.DEFAULT_MSS));
    if (s.tcb.srtt() == 0) {
      s.tcb.rttvar(3_000_000);
      s.tcb.mdev(3_000_000);
      s.fl.mdevMax(3_000_000);
      s.fl.rto(3 * s.host.hz);
    }
  }

  /** What both ends support: the current SYN or SYN-ACK against our offer. */
  private Contract agree(int advertisedMss, Contract ours, int optionsId) {
    Segment in = s.in;
    return agree(
        advertisedMss,
        in.hasOption(Segment.OPT_MSS) ? in.mss : Receive.DEFAULT_MSS,
        ours.timestamps && in.hasOption(Segment.OPT_TIMESTAMP),
        ours.sack && in.hasOption(Segment.OPT_SACK_PERMITTED),
        ours.windowScaling && in.hasOption(Segment.OPT_WINDOW_SCALE),
        in.windowScale,
        optionsId);
  }

  private Contract agree(
      int advertisedMss,
      int peerMss,
      boolean timestamps,
      boolean sack,
      boolean scaling,
      int peerScale,
      int optionsId) {
    int mss = Math.min(peerMss, advertisedMss) - (timestamps ? TIMESTAMP_BYTES : 0);
    return s.contracts.intern(
        Contract.key(
            Math.max(mss, 36),
            advertisedMss,
            scaling ? Math.min(14, peerScale) : 0,
            scaling ? s.host.windowScale : 0,
            timestamps,
            sack,
            scaling,
            optionsId));
  }

  // ---- passive open

  /** {@code tcp_conn_request}: a SYN for a listener. */
  void synArrived(Listener l) {
    int givenIsn = s.timeWait.isnForSyn;
    boolean cookie = false;
    if ((s.host.synCookies == 2 || s.listenQueues.requestsFull(l)) && givenIsn == 0) {
      if (s.host.synCookies == 0) {
        s.host.count(Mib.REQ_Q_FULL_DROP);
        s.host.count(Mib.LISTEN_DROPS);
        return;
      }
      s.host.count(Mib.REQ_Q_FULL_DO_COOKIES);
      cookie = true;
    }
    if (s.listenQueues.refusesSyn(l)) {
      s.host.count(Mib.LISTEN_OVERFLOWS);
      s.host.count(Mib.LISTEN_DROPS);
      return;
    }
    if (cookie) {
      answerWithCookie(l);
      return;
    }
    if (givenIsn == 0
        && s.host.twRecycle
        && s.in.hasOption(Segment.OPT_TIMESTAMP)
        && s.metrics.isStale(s.in.source, s.in.tsValue)) {
      s.host.count(Mib.PAWS_PASSIVE);
      s.host.count(Mib.LISTEN_DROPS);
      return;
    }
    if (givenIsn == 0
        && s.host.synCookies == 0
        && s.listenQueues.keepsForProven(l)
        && !s.metrics.isProven(s.in.source)) {
      s.host.count(Mib.LISTEN_DROPS);
      return;
    }
    newRequest(l, givenIsn);
  }

  private int advertisedMss(Listener l) {
    return l.options.maxSegment != 0 ? l.options.maxSegment : s.host.interfaceMss;
  }

  private Contract contractForSyn(Listener l) {
    Segment in = s.in;
    return agree(
        advertisedMss(l),
        in.hasOption(Segment.OPT_MSS) ? in.mss : Receive.DEFAULT_MSS,
        s.host.timestamps && in.hasOption(Segment.OPT_TIMESTAMP),
        s.host.sack && in.hasOption(Segment.OPT_SACK_PERMITTED),
        s.host.windowScaling && in.hasOption(Segment.OPT_WINDOW_SCALE),
        in.windowScale,
        l.optionsId);
  }

  private void newRequest(Listener l, int givenIsn) {
    Segment in = s.in;
    int local = in.destination;
    int remote = in.source;
    int ports = in.ports << 16 | in.ports >>> 16;
    int row = s.req.create();
    s.req.tuple(local, remote, ports);
    s.req.irs(in.seq);
    if (givenIsn != 0) {
      s.req.iss(givenIsn);
      s.req.setFlag(Requests.F_ISN_GIVEN);
    } else {
      s.req.iss(s.initialSequence(local, remote, ports));
    }
    s.req.tsRecent(in.tsValue);
    s.req.contract(contractForSyn(l).id);
    s.demux.insert(Demux.hash(local, remote, ports), Demux.REQUEST, row);
    s.listenQueues.added(l);
    s.listenQueues.arm();
    sendSynAck();
  }

  /** The SYN-ACK of the request under the cursor. */
  void sendSynAck() {
    Segment out = s.out;
    out.source = s.req.local();
    out.destination = s.req.remote();
    out.ports = s.req.ports();
    out.seq = s.req.iss();
    out.ack = s.req.irs() + 1;
    synAck(out, s.contracts.of(s.req.contract()));
    out.tsEcho = s.req.tsRecent();
    emit(out);
  }

  private void synAck(Segment out, Contract c) {
    out.flags = Segment.SYN | Segment.ACK;
    out.length = 0;
    out.window = Math.min(0xFFFF, passiveWindow(c));
    synOptions(out, c);
  }

  private int passiveWindow(Contract c) {
    int asked = c.options.receiveBufferBytes;
    return asked != 0
        ? asked
        : s.receive.initialWindow(c.advertisedMss - (c.timestamps ? TIMESTAMP_BYTES : 0));
  }

  private void emit(Segment out) {
    s.host.mib[Mib.OUT_SEGS]++;
    s.egress.emit(s.nowNs, s.host.host(), out);
  }

  /** ACK of an unacceptable segment for the request under the cursor. */
  void acknowledgeRequest(Contract c) {
    Segment out = s.out;
    out.source = s.req.local();
    out.destination = s.req.remote();
    out.ports = s.req.ports();
    out.seq = s.req.iss() + 1;
    out.ack = s.req.irs() + 1;
    out.flags = Segment.ACK;
    out.length = 0;
    out.mark = 0;
    out.window = passiveWindow(c) >>> c.receiveScale;
    out.options = c.timestamps ? Segment.OPT_TIMESTAMP : 0;
    out.tsValue = s.timestamp(out.source, out.destination);
    out.tsEcho = s.req.tsRecent();
    emit(out);
  }

  private void answerWithCookie(Listener l) {
    Segment in = s.in;
    boolean ts = s.host.timestamps && in.hasOption(Segment.OPT_TIMESTAMP);
    boolean sack = ts && s.host.sack && in.hasOption(Segment.OPT_SACK_PERMITTED);
    boolean scaling = ts && s.host.windowScaling && in.hasOption(Segment.OPT_WINDOW_SCALE);
    int peerMss = in.hasOption(Segment.OPT_MSS) ? in.mss : Receive.DEFAULT_MSS;
    int isn = s.cookies.make(peerMss);
    Contract c =
        agree(advertisedMss(l), s.cookies.mss, ts, sack, scaling, in.windowScale, l.optionsId);
    s.cookies.overflowed(l);
    Segment out = s.out;
    out.source = in.destination;
    out.destination = in.source;
    out.ports = in.ports << 16 | in.ports >>> 16;
    out.seq = isn;
    out.ack = in.seq + 1;
    synAck(out, c);
    if (ts) {
      out.tsValue = s.cookies.timestampWithOptions(out.tsValue, scaling, in.windowScale, sack);
      out.tsEcho = in.tsValue;
    }
    s.host.count(Mib.SYNCOOKIES_SENT);
    emit(out);
  }

  /** The final ACK of a request that may come in: {@code tcp_v4_syn_recv_sock}. */
  void acceptRequest(Listener l) {
    int local = s.req.local();
    int remote = s.req.remote();
    int ports = s.req.ports();
    int request = s.req.row();
    int row = s.tcb.create();
    s.demux.replace(
        Demux.hash(local, remote, ports), Demux.REQUEST, request, Demux.CONNECTION, row);
    s.tcb.tuple(local, remote, ports);
    s.contract = s.contracts.of(s.req.contract());
    s.tcb.contract(s.contract.id);
    child(s.req.irs(), s.req.iss(), s.req.tsRecent());
    boolean once = !s.req.flag(Requests.F_RETRANSMITTED);
    int clock = s.req.iss() - (s.initialSequence(local, remote, ports) - (int) (s.nowNs >>> 6));
    int lostSynAcks =
        once ? 0 : Math.max(1, s.req.timeouts() + (s.req.flag(Requests.F_RTX_ONCE) ? 1 : 0));
    boolean clockKnown = !s.req.flag(Requests.F_ISN_GIVEN);
    s.listenQueues.left(l);
    s.req.destroy();
    if (once && clockKnown) {
      int units = (int) (s.nowNs >>> 6) - clock;
      s.rtt.sample((int) ((units & 0xFFFFFFFFL) * 64 / 1000));
    } else {
      sampleTimestamp();
    }
    enterAcceptQueue(l, lostSynAcks);
  }

  private void sampleTimestamp() {
    Segment in = s.in;
    if (s.contract.timestamps && in.hasOption(Segment.OPT_TIMESTAMP) && in.tsEcho != 0) {
      int us = s.rtt.sinceEchoUs();
      if (us >= 0) {
        s.rtt.sample(us);
      }
    }
  }

  /** An ACK that carries a valid cookie: {@code cookie_v4_check}. */
  void acceptCookie(Listener l) {
    Segment in = s.in;
    if (l.acceptQueueFull()) {
      s.host.count(Mib.LISTEN_OVERFLOWS);
      s.host.count(Mib.LISTEN_DROPS);
      return;
    }
    SynCookies k = s.cookies;
    s.contract =
        agree(
            advertisedMss(l),
            k.mss,
            k.timestamps,
            k.sack,
            k.windowScaling,
            k.sendScale,
            l.optionsId);
    int local = in.destination;
    int remote = in.source;
    int ports = in.ports << 16 | in.ports >>> 16;
    int row = s.tcb.create();
    s.demux.insert(Demux.hash(local, remote, ports), Demux.CONNECTION, row);
    s.tcb.tuple(local, remote, ports);
    s.tcb.contract(s.contract.id);
    child(in.seq - 1, in.ack - 1, in.tsValue);
    sampleTimestamp();
    enterAcceptQueue(l, 0);
  }

  private void child(int irs, int iss, int tsRecent) {
    s.tcb.sndUna(iss + 1);
    s.tcb.rcvNxt(irs + 1);
    s.tcb.tsRecent(tsRecent);
    start(iss + 1, passiveWindow(s.contract));
    s.fl.copiedSeq(irs + 1);
    s.fl.rcvWup(irs + 1);
    s.fl.rttSeq(iss + 1);
    s.tcb.lastReceive(s.jiffies);
    s.fl.sndWl1(s.in.seq);
    s.fl.sndWnd(s.in.window << s.contract.sendScale);
    s.fl.maxWindow(s.fl.sndWnd());
    if (s.in.hasOption(Segment.OPT_TIMESTAMP) && s.contract.timestamps) {
      s.tcb.tsRecent(s.in.tsValue);
    }
  }

  private void enterAcceptQueue(Listener l, int lostSynAcks) {
    opened(lostSynAcks);
    Transitions.to(s, State.ESTABLISHED);
    s.host.count(Mib.PASSIVE_OPENS);
    s.keepalive.startIfAsked();
    s.timers.wakeForRelease();
    l.push(s.tcb.row(), s.nowNs);
    s.readiness.post(s.host.host(), l.number, l.handle, Sockets.ACCEPTABLE, 0, 0);
    if (s.in.length > 0 || s.in.has(Segment.FIN)) {
      s.established.segment();
    }
  }
}
