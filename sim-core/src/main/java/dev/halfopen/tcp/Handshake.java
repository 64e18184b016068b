package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Opening a connection, both ends ({@code tcp_v4_connect}, {@code tcp_conn_request} and after). */
final class Handshake {
  private static final int TIMESTAMP_BYTES = 12;

  /** Options of a SYN that a connection's contract depends on. */
  private static final int SYN_OPTIONS =
      Segment.OPT_MSS
          | Segment.OPT_TIMESTAMP
          | Segment.OPT_SACK_PERMITTED
          | Segment.OPT_WINDOW_SCALE;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final Requests req;
  private final TimeWaits tw;
  private final Demux demux;

  Handshake(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.req = s.req;
    this.tw = s.tw;
    this.demux = s.demux;
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
      tw.move(old);
      iss = tw.sndNxt() + 65_535 + 2;
      tsRecent = tw.tsRecent();
      s.timeWait.takeOver(old);
    } else {
      iss = s.initialSequence(local, remote, ports);
    }
    int row = tcb.create();
    tcb.tuple(local, remote, ports);
    tcb.handle(handle);
    tcb.tsRecent(tsRecent);
    tcb.setFlag(Connections.F_ACTIVE | Connections.F_ACCEPTED);
    demux.insert(h.ports.chosenHash, Demux.CONNECTION, row);
    if (!h.host().isFarm()) {
      h.destinations.up(remote, ports & 0xFFFF, s.nowNs);
    }
    sendFirstSyn(options, iss);
    return row;
  }

  private void sendFirstSyn(SocketOptions options, int iss) {
    HostTcp h = s.host;
    int mss = advertisedMss(options);
    s.contract = offer(options, mss);
    tcb.contract(s.contract.id);
    tcb.sndUna(iss);
    start(iss + 1, s.receive.initialWindow(mss));
    fl.rto(h.hz);
    int syn = s.sq.create(iss, iss + 1, 0, SendQueue.F_SYN);
    fl.sendHead(syn);
    fl.sendTail(syn);
    fl.packetsOut(1);
    fl.retransStamp(Math.max(1, s.nowMs()));
    Transitions.to(s, State.SYN_SENT);
    h.count(Mib.ACTIVE_OPENS);
    s.output.transmit(syn);
    s.timers.armRetransmit(Flights.PENDING_RTO, h.hz);
  }

  /** A fresh Flight, with everything sent up to {@code sndNxt}. */
  private void start(int sndNxt, int rcvWnd) {
    tcb.flight(fl.create());
    fl.entrySlot(tcb.inheritedSlot());
    fl.sndNxt(sndNxt);
    fl.writeSeq(sndNxt);
    fl.rcvWnd(rcvWnd);
    fl.sndSml(sndNxt - 1);
    fl.mdevMax(s.host.rtoMinUs);
    fl.lastSend(s.jiffies);
    fl.lastHeard(s.jiffies);
    tcb.cwnd(TcpOutput.INITIAL_WINDOW);
    tcb.ssthresh(Connections.INFINITE_SSTHRESH);
  }

  /** The offer of a SYN whose owner has agreed on less by now: crossed SYNs repeat it in full. */
  Contract offer(Contract agreed) {
    return offer(agreed.options, agreed.advertisedMss);
  }

  private int advertisedMss(SocketOptions options) {
    return options.maxSegment != 0 ? options.maxSegment : s.host.interfaceMss;
  }

  /** All that this host supports, for a socket with these options: mostly the same as last time. */
  private Contract offer(SocketOptions options, int mss) {
    Contract last = s.host.offered;
    return last != null && last.options == options && last.advertisedMss == mss
        ? last
        : newOffer(options, mss);
  }

  private Contract newOffer(SocketOptions options, int mss) {
    HostTcp h = s.host;
    int optionsId = s.contracts.optionsId(options);
    Contract c =
        s.contracts.intern(
            Contract.key(mss, mss, 0, 0, h.timestamps, h.sack, h.windowScaling, optionsId));
    h.offered = c;
    return c;
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
      if (!SeqNum.after(in.ack, tcb.sndUna()) || SeqNum.after(in.ack, fl.sndNxt())) {
        if (fl.retransmits() == 0) {
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
    fl.rcvMss(Math.min(s.contract.mss, Receive.DEFAULT_MSS));
    Transitions.to(s, State.SYN_RECV);
    s.output.transmit(fl.sendHead());
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
    if (in.ack != fl.sndNxt() && in.ack != tcb.sndUna()) {
      s.resets.toSegment();
      return false;
    }
    fl.sndWnd(in.has(Segment.SYN) ? in.window : in.window << s.contract.sendScale);
    fl.maxWindow(fl.sndWnd());
    synAcknowledged();
    if (in.has(Segment.SYN)) {
      s.acks.enterQuickMode();
      fl.ackScheduled(true);
    }
    s.closing.deferredShutdown();
    return true;
  }

  private boolean echoesForeignTimestamp() {
    Segment in = s.in;
    if (!in.hasOption(Segment.OPT_TIMESTAMP) || in.tsEcho == 0) {
      return false;
    }
    int now = s.timestamp(tcb.local(), tcb.remote());
    int first = now - (s.nowMs() - fl.retransStamp()) - 1;
    return !SeqNum.between(in.tsEcho, first, now);
  }

  private void established() {
    hearSyn();
    synAcknowledged();
    s.output.sendAck();
  }

  /** The connection is open, and our SYN acknowledged unless crossed SYNs went on without. */
  private void synAcknowledged() {
    int lostSyns = fl.retransmits();
    if (s.in.ack != tcb.sndUna()) {
      tcb.sndUna(s.in.ack);
      fl.bytesAcked(1);
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
    s.contract = agree(offered);
    tcb.contract(s.contract.id);
    tcb.rcvNxt(in.seq + 1);
    fl.peer(in.fromSocket);
    fl.copiedSeq(in.seq + 1);
    fl.rcvWup(in.seq + 1);
    fl.sndWl1(in.seq);
    fl.sndWnd(in.window);
    fl.maxWindow(in.window);
    if (s.contract.timestamps) {
      tcb.tsRecent(in.tsValue);
    }
  }

  /** {@code tcp_init_transfer}, {@code tcp_init_metrics}. */
  private void opened(int lostSyns) {
    fl.retransmits(0);
    fl.retransStamp(0);
    fl.backoff(0);
    tcb.cwnd(lostSyns > 1 ? 1 : TcpOutput.INITIAL_WINDOW);
    fl.rcvMss(Math.min(s.contract.mss, Receive.DEFAULT_MSS));
    if (tcb.srtt() == 0) {
      tcb.rttvar(3_000_000);
      tcb.mdev(3_000_000);
      fl.mdevMax(3_000_000);
      fl.rto(3 * s.host.hz);
    }
  }

  /**
   * What both ends support: the current SYN or SYN-ACK against our offer. Most say the same as the
   * one before that this offer met.
   */
  private Contract agree(Contract ours) {
    Segment in = s.in;
    long heard =
        (long) in.mss << 32
            | (in.options & SYN_OPTIONS) << 24
            | (in.windowScale & 0xFF) << 16
            | s.host.windowScale << 1
            | 1;
    Contract last = ours.agreed;
    return last != null && ours.heard == heard ? last : agreeAnew(ours, heard);
  }

  private Contract agreeAnew(Contract ours, long heard) {
    Segment in = s.in;
    Contract c =
        agree(
            ours.advertisedMss,
            in.hasOption(Segment.OPT_MSS) ? in.mss : Receive.DEFAULT_MSS,
            ours.timestamps && in.hasOption(Segment.OPT_TIMESTAMP),
            ours.sack && in.hasOption(Segment.OPT_SACK_PERMITTED),
            ours.windowScaling && in.hasOption(Segment.OPT_WINDOW_SCALE),
            in.windowScale,
            s.contracts.optionsId(ours.options));
    ours.heard = heard;
    ours.agreed = c;
    return c;
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

  private void newRequest(Listener l, int givenIsn) {
    Segment in = s.in;
    int local = in.destination;
    int remote = in.source;
    int ports = in.ports << 16 | in.ports >>> 16;
    int contract = agree(offer(l.options, advertisedMss(l.options))).id;
    int iss = givenIsn != 0 ? givenIsn : s.initialSequence(local, remote, ports);
    int row = req.create(local, remote, ports);
    req.begin(in.seq, iss, in.tsValue, contract, givenIsn != 0 ? Requests.F_ISN_GIVEN : 0);
    demux.insert(Demux.hash(local, remote, ports), Demux.REQUEST, row);
    s.listenQueues.added(l);
    s.listenQueues.arm();
    sendSynAck(in.fromSocket);
  }

  /** The SYN-ACK of the request under the cursor, to that socket of the peer's if it is known. */
  void sendSynAck(int peer) {
    Segment out = s.out;
    out.fromSocket = req.socket();
    out.toSocket = peer;
    out.source = req.local();
    out.destination = req.remote();
    out.ports = req.ports();
    out.seq = req.iss();
    out.ack = req.irs() + 1;
    synAck(out, s.contracts.of(req.contract()));
    out.tsEcho = req.tsRecent();
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
    out.fromSocket = req.socket();
    out.toSocket = s.in.fromSocket;
    out.source = req.local();
    out.destination = req.remote();
    out.ports = req.ports();
    out.seq = req.iss() + 1;
    out.ack = req.irs() + 1;
    out.flags = Segment.ACK;
    out.length = 0;
    out.mark = 0;
    out.window = passiveWindow(c) >>> c.receiveScale;
    out.options = c.timestamps ? Segment.OPT_TIMESTAMP : 0;
    out.tsValue = s.timestamp(out.source, out.destination);
    out.tsEcho = req.tsRecent();
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
        agree(
            advertisedMss(l.options),
            s.cookies.mss,
            ts,
            sack,
            scaling,
            in.windowScale,
            l.optionsId);
    s.cookies.overflowed(l);
    Segment out = s.out;
    out.fromSocket = 0;
    out.toSocket = in.fromSocket;
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

  /**
   * The final ACK of a request that may come in: {@code tcp_v4_syn_recv_sock}.
   *
   * @param age since the first SYN-ACK, in 64 ns: the round trip unless that was lost or a
   *     TIME_WAIT gave the ISN
   */
  void acceptRequest(Listener l, int age) {
    int local = req.local();
    int remote = req.remote();
    int ports = req.ports();
    int request = req.row();
    int irs = req.irs();
    int iss = req.iss();
    int tsRecent = req.tsRecent();
    s.contract = s.contracts.of(req.contract());
    boolean sampled = !req.flag(Requests.F_RETRANSMITTED | Requests.F_ISN_GIVEN);
    int lostSynAcks = req.lostSynAcks();
    s.listenQueues.left(l);
    req.destroy();
    int row = tcb.create();
    demux.replace(Demux.hash(local, remote, ports), Demux.REQUEST, request, Demux.CONNECTION, row);
    tcb.tuple(local, remote, ports);
    tcb.contract(s.contract.id);
    child(irs, iss, tsRecent);
    if (sampled) {
      RttEstimator.sample(s, (int) ((age & 0xFFFFFFFFL) * 64 / 1000));
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
        RttEstimator.sample(s, us);
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
            advertisedMss(l.options),
            k.mss,
            k.timestamps,
            k.sack,
            k.windowScaling,
            k.sendScale,
            l.optionsId);
    int local = in.destination;
    int remote = in.source;
    int ports = in.ports << 16 | in.ports >>> 16;
    int row = tcb.create();
    demux.insert(Demux.hash(local, remote, ports), Demux.CONNECTION, row);
    tcb.tuple(local, remote, ports);
    tcb.contract(s.contract.id);
    child(in.seq - 1, in.ack - 1, in.tsValue);
    sampleTimestamp();
    enterAcceptQueue(l, 0);
  }

  private void child(int irs, int iss, int tsRecent) {
    tcb.sndUna(iss + 1);
    tcb.rcvNxt(irs + 1);
    tcb.tsRecent(tsRecent);
    start(iss + 1, passiveWindow(s.contract));
    fl.peer(s.in.fromSocket);
    fl.copiedSeq(irs + 1);
    fl.rcvWup(irs + 1);
    fl.rttSeq(iss + 1);
    tcb.lastReceive(s.jiffies);
    fl.sndWl1(s.in.seq);
    fl.sndWnd(s.in.window << s.contract.sendScale);
    fl.maxWindow(fl.sndWnd());
    if (s.in.hasOption(Segment.OPT_TIMESTAMP) && s.contract.timestamps) {
      tcb.tsRecent(s.in.tsValue);
    }
  }

  private void enterAcceptQueue(Listener l, int lostSynAcks) {
    opened(lostSynAcks);
    Transitions.to(s, State.ESTABLISHED);
    s.host.count(Mib.PASSIVE_OPENS);
    s.keepalive.startIfAsked();
    s.timers.wakeForRelease();
    l.push(tcb.row(), s.nowNs);
    s.readiness.post(s.host.host(), l.number, l.handle, Sockets.ACCEPTABLE, 0, 0);
    if (s.in.length > 0 || s.in.has(Segment.FIN)) {
      s.established.segment();
    }
  }
}
