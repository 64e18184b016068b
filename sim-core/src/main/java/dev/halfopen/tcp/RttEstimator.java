package dev.halfopen.tcp;

/** Round-trip time and RTO: {@code tcp_rtt_estimator}, {@code __tcp_set_rto}. */
final class RttEstimator {
  /** Longest sample taken, 134 s; beyond the largest RTO it changes nothing but overflows. */
  private static final int LONGEST_US = 1 << 27;

  private final Stack s;

  RttEstimator(Stack s) {
    this.s = s;
  }

  /** One measurement; clears the backoff, as {@code tcp_ack_update_rtt} does. */
  void sample(int rttUs) {
    int m = Math.min(Math.max(1, rttUs), LONGEST_US);
    if (s.fl.minRttUs() == 0 || m < s.fl.minRttUs()) {
      s.fl.minRttUs(m);
    }
    if (s.tcb.srtt() == 0) {
      first(m);
    } else {
      update(m);
    }
    setRto();
    s.fl.backoff(0);
  }

  /**
   * Since our timestamp that the current segment echoes, {@code tcp_rtt_tsopt_us}; -1 where that
   * cannot be, because the echo is none of ours.
   */
  int sinceEchoUs() {
    int ms = s.timestamp(s.tcb.local(), s.tcb.remote()) - s.in.tsEcho;
    return ms < 0 || ms >= Integer.MAX_VALUE / 1000 ? -1 : Math.max(1, ms) * 1000;
  }

  private void first(int m) {
    s.tcb.srtt(m << 3);
    s.tcb.mdev(m << 1);
    s.tcb.rttvar(Math.max(m << 1, s.host.rtoMinUs));
    s.fl.mdevMax(s.tcb.rttvar());
    s.fl.rttSeq(s.fl.sndNxt());
  }

  private void update(int sampleUs) {
    int srtt = s.tcb.srtt();
    int mdev = s.tcb.mdev();
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
    s.tcb.mdev(mdev);
    if (mdev > s.fl.mdevMax()) {
      s.fl.mdevMax(mdev);
      if (mdev > s.tcb.rttvar()) {
        s.tcb.rttvar(mdev);
      }
    }
    if (SeqNum.after(s.tcb.sndUna(), s.fl.rttSeq())) {
      int max = s.fl.mdevMax();
      if (max < s.tcb.rttvar()) {
        s.tcb.rttvar(s.tcb.rttvar() - (s.tcb.rttvar() - max >> 2));
      }
      s.fl.rttSeq(s.fl.sndNxt());
      s.fl.mdevMax(s.host.rtoMinUs);
    }
    s.tcb.srtt(Math.max(1, srtt));
  }

  /** icsk_rto from the estimate; 1 s before the first sample. */
  void setRto() {
    if (s.tcb.srtt() == 0) {
      s.fl.rto(s.host.hz);
      return;
    }
    long us = (s.tcb.srtt() >> 3) + (long) s.tcb.rttvar();
    s.fl.rto(Math.min(s.host.jiffiesOfUs(us), s.host.rtoMaxJiffies));
  }
}
