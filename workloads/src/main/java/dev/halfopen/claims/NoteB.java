package dev.halfopen.claims;

import java.util.List;

/** The note about Linux retransmission control, keepalive and database failover. */
final class NoteB {
  private NoteB() {}

  static List<Claim> claims() {
    return List.of(
        new Claim(
            "B1",
            "tcp_syn_retries; first gap 1 s; the total was not worked out",
            "3.10: 6 retries, 127 s; since 6.5 tcp_syn_linear_timeouts=4: 11 SYNs, 131 s nominal,"
                + " 133-135 s real",
            ConnectTimerClaims::synLadder),
        new Claim(
            "B2",
            "the values are hard-coded; a rebuild is needed",
            "modern kernels have tcp_rto_min_us and tcp_rto_max_ms, routes rto_min, sockets TCP_SYNCNT"
                + " and TCP_USER_TIMEOUT",
            ConnectTimerClaims::knobs),
        new Claim("B3", "\"ETIMEOUT\"", "ETIMEDOUT", ConnectTimerClaims::nameOfTheError),
        new Claim(
            "B4",
            "tcp_retries1 limits replies to connection requests",
            "that is tcp_synack_retries; after tcp_retries1=3 TCP asks routing for another path",
            ConnectTimerClaims::whichRetries),
        new Claim(
            "B5",
            "tcp_retries2=15 is a count",
            "it becomes a time: 924.6 s is a lower bound, death comes at the first expiry beyond it:"
                + " 937.7-939.8 s in a LAN (8: 106.2-108.3 s for a bound of 102.2 s)",
            DeadPeerClaims::retriesBecomeTime),
        new Claim(
            "B6",
            "a dead peer in ESTABLISHED is found by retries",
            "only with data in flight; an idle reader hangs for ever without keepalive",
            DeadPeerClaims::idleReaderWaitsForEver),
        new Claim(
            "B7",
            "RFC 1122's 100 s corresponds to retries2 >= 8",
            "right (102.2 s)",
            DeadPeerClaims::rfcHundredSeconds),
        new Claim(
            "B8",
            "tcp_keepalive_time alone",
            "SO_KEEPALIVE must be on, and intvl 75 and probes 9 count too: nominal 7875 s to find a"
                + " dead peer, 7882-8013 s real",
            DeadPeerClaims::keepaliveHasThreeKnobs),
        new Claim(
            "B9",
            "failover with FIN: nothing to do",
            "pooled sockets sit in CLOSE_WAIT; the first borrow fails without validation; DNS and JVM"
                + " TTL still count",
            FailoverClaims::failoverWithFin),
        new Claim(
            "B10",
            "failover without FIN must be watched",
            "right",
            DeadPeerClaims::failoverWithoutFin),
        new Claim(
            "B11",
            "a crashed application must be dealt with at the DB side",
            "kill -9 sends FIN (RST if data is unread); only host loss or partition leaves half-open"
                + " connections",
            DeadPeerClaims::waysToCrash),
        new Claim(
            "B12",
            "the JVM caches DNS",
            "30 s by default, for ever only with a security manager; negative answers 10 s",
            FailoverClaims::jvmCachesNames),
        new Claim(
            "B13",
            "DNS hands out a dead node",
            "connect() burns the whole SYN ladder (B1) unless there is a connect timeout",
            ConnectTimerClaims::deadAddressFirst),
        missing(
            "B14",
            "SACK explained; its vulnerability",
            "CVE-2019-11477 (17 fragments x 32 KiB / 8 B MSS = 69,632 > 65,535), -11478, -11479"),
        new Claim(
            "B15",
            "initial RTO 1 s, RTO_MIN 200 ms, RTO_MAX 120 s",
            "right, but RTO = srtt + max(200 ms, 4*rttvar): 204 ms in a LAN, a floor on the variance"
                + " and no clamp",
            DeadPeerClaims::floorOnTheVariance));
  }

  private static Claim missing(String id, String note, String linux) {
    return new Claim(id, note, linux, null);
  }
}
