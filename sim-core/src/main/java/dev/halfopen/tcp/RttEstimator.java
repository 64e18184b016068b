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
  static void sample(Stack s, int rttUs) {
    int m = Math.min(Math.max(1, rttUs), LONGEST_US);
    int least = s.fl.minRttUs();
    if (least == 0 || m < least) {
      s.fl.minRttUs(m);
    }
    int srtt = s.tcb.srtt();
    if (srtt == 0) {
      s.rtt.first(m);
    } else {
      update(s, srtt, m);
    }
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
    setRto();
  }

  private static void update(Stack s, int before, int sampleUs) {
    int srtt = before;
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
    int rttvar = s.tcb.rttvar();
    int max = s.fl.mdevMax();
    if (mdev > max) {
      max = mdev;
      s.fl.mdevMax(mdev);
      rttvar = Math.max(rttvar, mdev);
      s.tcb.rttvar(rttvar);
    }
    if (SeqNum.after(s.tcb.sndUna(), s.fl.rttSeq())) {
      if (max < rttvar) {
        rttvar -= rttvar - max >> 2;
        s.tcb.rttvar(rttvar);
      }
      s.fl.rttSeq(s.fl.sndNxt());
      s.fl.mdevMax(s.host.rtoMinUs);
    }
    srtt = Math.max(1, srtt);
    s.tcb.srtt(srtt);
    s.fl.rto(rto(s, srtt, rttvar));
  }

  /** icsk_rto from the estimate; 1 s before the first sample. */
  void setRto() {
    if (s.tcb.srtt() == 0) {
      s.fl.rto(s.host.hz);
      return;
    }
    s.fl.rto(rto(s, s.tcb.srtt(), s.tcb.rttvar()));
  }

  private static int rto(Stack s, int srtt, int rttvar) {
    long us = (srtt >> 3) + (long) rttvar;
    return Math.min(s.host.jiffiesOfUs(us), s.host.rtoMaxJiffies);
  }
}
