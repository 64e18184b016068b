package dev.halfopen.tcp;

/** Round-trip time and RTO: {@code tcp_rtt_estimator}, {@code __tcp_set_rto}. */
final class RttEstimator {
  /** Longest sample taken, 134 s; beyond the largest RTO it changes nothing but overflows. */
  private static final int LONGEST_US = 1 << 27;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;

  RttEstimator(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
  }

  /** One measurement; clears the backoff, as {@code tcp_ack_update_rtt} does. */
  void sample(int rttUs) {
    int m = Math.min(Math.max(1, rttUs), LONGEST_US);
    if (fl.minRttUs() == 0 || m < fl.minRttUs()) {
      fl.minRttUs(m);
    }
    if (tcb.srtt() == 0) {
      first(m);
    } else {
      update(m);
    }
    setRto();
    fl.backoff(0);
  }

  /**
   * Since our timestamp that the current segment echoes, {@code tcp_rtt_tsopt_us}; -1 where that
   * cannot be, because the echo is none of ours.
   */
  int sinceEchoUs() {
    int ms = s.timestamp(tcb.local(), tcb.remote()) - s.in.tsEcho;
    return ms < 0 || ms >= Integer.MAX_VALUE / 1000 ? -1 : Math.max(1, ms) * 1000;
  }

  private void first(int m) {
    tcb.srtt(m << 3);
    tcb.mdev(m << 1);
    tcb.rttvar(Math.max(m << 1, s.host.rtoMinUs));
    fl.mdevMax(tcb.rttvar());
    fl.rttSeq(fl.sndNxt());
  }

  private void update(int sampleUs) {
    int srtt = tcb.srtt();
    int mdev = tcb.mdev();
    int m = sampleUs - (srtt >> 3);
    srtt += m;
    if (m < 0) {
      m = -m - (mdev >> 2);
      if (m > 0) {
        m >>= 3;
      }
    } else {
      m -= mdev >> 2;
    }
    mdev += m;
    tcb.mdev(mdev);
    if (mdev > fl.mdevMax()) {
      fl.mdevMax(mdev);
      if (mdev > tcb.rttvar()) {
        tcb.rttvar(mdev);
      }
    }
    if (SeqNum.after(tcb.sndUna(), fl.rttSeq())) {
      int max = fl.mdevMax();
      if (max < tcb.rttvar()) {
        tcb.rttvar(tcb.rttvar() - (tcb.rttvar() - max >> 2));
      }
      fl.rttSeq(fl.sndNxt());
      fl.mdevMax(s.host.rtoMinUs);
    }
    tcb.srtt(Math.max(1, srtt));
  }

  /** icsk_rto from the estimate; 1 s before the first sample. */
  void setRto() {
    if (tcb.srtt() == 0) {
      fl.rto(s.host.hz);
      return;
    }
    long us = (tcb.srtt() >> 3) + (long) tcb.rttvar();
    fl.rto(Math.min(s.host.jiffiesOfUs(us), s.host.rtoMaxJiffies));
  }
}
