package dev.halfopen.tcp;

/** ICMP destination unreachable: {@code tcp_v4_err}, {@code tcp_ld_RTO_revert} (RFC 6069). */
final class Unreachable {
  static final int NET = 0;
  static final int HOST = 1;
  static final int PORT = 3;
  static final int NET_PROHIBITED = 9;
  static final int HOST_PROHIBITED = 10;
  static final int PROHIBITED = 13;

  private final Stack s;

  Unreachable(Stack s) {
    this.s = s;
  }

  /** icmp_err_convert of net/ipv4/icmp.c. */
  private static int errno(int code) {
    return switch (code) {
      case NET, NET_PROHIBITED -> Errno.ENETUNREACH;
      case PORT -> Errno.ECONNREFUSED;
      default -> Errno.EHOSTUNREACH;
    };
  }

  /** The connection is under the cursor and loaded. */
  void connection(int code, int seq) {
    int state = s.tcb.state();
    if (!SeqNum.between(seq, s.tcb.sndUna(), s.fl.sndNxt())) {
      return;
    }
    if (state == State.SYN_SENT || state == State.SYN_RECV) {
      s.closing.fail(errno(code));
      return;
    }
    if (code == NET || code == HOST) {
      revertBackoff(seq);
    }
  }

  /** A retransmission did not arrive for another reason than congestion: one doubling less. */
  private void revertBackoff(int seq) {
    int backoff = s.fl.backoff();
    if (seq != s.tcb.sndUna() || s.fl.retransmits() == 0 || backoff == 0 || s.fl.sendHead() == 0) {
      return;
    }
    s.fl.backoff(backoff - 1);
    s.rtt.setRto();
    int rto = Math.min(s.fl.rto() << backoff - 1, s.host.rtoMaxJiffies);
    s.fl.rto(rto);
    s.sq.at(s.fl.sendHead());
    int leftUs = s.sq.sentUs() + s.host.usOfJiffies(rto) - s.nowUs();
    if (leftUs > 0) {
      s.timers.armRetransmit(Flights.PENDING_RTO, s.host.jiffiesOfUs(leftUs));
    } else {
      s.retransmit.fired();
    }
  }

  /** {@code tcp_req_err}: net and host unreachable drop the request under the cursor. */
  void request(int code, int seq) {
    if (seq == s.req.iss() && (code == NET || code == HOST)) {
      s.listenQueues.drop(s.listenQueues.listenerOfRequest());
      s.host.count(Mib.LISTEN_DROPS);
    }
  }
}
