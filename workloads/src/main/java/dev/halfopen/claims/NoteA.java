package dev.halfopen.claims;

import java.util.List;

/**
 * The note about handshakes, SYN floods, TIME_WAIT and keepalive between a proxy and its upstream.
 */
final class NoteA {
  private NoteA() {}

  static List<Claim> claims() {
    return List.of(
        new Claim(
            "A1",
            "3-way handshake; the weak spot lies between SYN-ACK and ACK",
            "right; until the ACK comes there is a small request, no socket",
            SynQueueClaims::weakSpot),
        new Claim(
            "A2",
            "each SYN costs at least 16 bytes, and memory is the victim",
            "a request takes 320 B, a TIME_WAIT 256 B, a socket with its file 3640 B; the queue's"
                + " limit binds long before memory: backlog 128 holds 129 requests (256 on 3.10)",
            SynQueueClaims::queueBeforeMemory),
        new Claim(
            "A3",
            "a SYN flood kills the server at once",
            "new connects fail; established connections go on",
            SynQueueClaims::floodSparesEstablished),
        new Claim(
            "A4",
            "server applications detect the flood and switch to \"set_cookies\"",
            "it is the kernel's tcp_syncookies: 0 never, 1 when the queue is full, 2 always; without"
                + " timestamps MSS is rounded to 536/1300/1440/1460, wscale and SACK are lost",
            SynQueueClaims::cookiesAreTheKernels),
        new Claim(
            "A5",
            "4-way close",
            "often 3 segments; also simultaneous close, RST, linger 0, half-close",
            CloseClaims::waysToClose),
        new Claim(
            "A6",
            "the server waits in TIME_WAIT",
            "whoever closes first waits",
            CloseClaims::activeCloserWaits),
        new Claim(
            "A7",
            "TIME_WAIT guards against late packets",
            "partly; it also acknowledges the FIN again when the last ACK was lost",
            CloseClaims::whatTimeWaitIsFor),
        new Claim(
            "A8",
            "tcp_fin_timeout sets TIME_WAIT's length",
            "TIME_WAIT is a fixed 60 s; tcp_fin_timeout rules orphaned FIN_WAIT_2 (above 60 s:"
                + " 2*(T-60))",
            CloseClaims::finTimeoutIsNotTimeWait),
        new Claim(
            "A9",
            "ephemeral ports 32768-61000 are 28,233",
            "right up to 4.1; later 32768-60999, 28,232",
            PortClaims::portRange),
        new Claim(
            "A10",
            "28,233 / 60 = 470 requests/s",
            "only per source, destination and destination port, and only if the proxy closes first;"
                + " with the timer's rounding 459.5/s on a modern kernel, 470.6/s on 3.10; k upstreams"
                + " give k times as much up to 4, from 5 on tcp_max_tw_buckets (131,072) lets the rest"
                + " close without TIME_WAIT",
            PortClaims::ratePerPool),
        new Claim(
            "A11",
            "10 images per page: 47 pages/s",
            "a listening server uses no ephemeral ports; true only where the proxy opens 10"
                + " connections to one upstream per page",
            PageClaims::portsOfAPage),
        new Claim(
            "A12",
            "TCP reuses connections of the same requester without keepalive",
            "no; a port may be used again, a connection only by HTTP persistence",
            ReuseClaims::onlyPersistenceReuses),
        new Claim(
            "A13",
            "the port range and TIME_WAIT should not be touched",
            "a wider range, tcp_tw_reuse=1 (needs timestamps) and more addresses are safe and help;"
                + " TIME_WAIT's length cannot be set; tcp_tw_recycle broke NAT and is gone since 4.12",
            PortClaims::remedies),
        new Claim(
            "A14",
            "keepalive is needed on both sides of the proxy",
            "right, where keepalive means HTTP persistence",
            ReuseClaims::persistenceOnBothSides),
        missing(
            "A15",
            "TCP memory can overflow",
            "tcp_mem pressure and hard limit, orphans, TIME_WAIT buckets: apart from ports"),
        new Claim(
            "A16",
            "\"livelock\": CPU and memory are fine, yet traffic stops",
            "a resource has run out: EADDRNOTAVAIL, dropped SYNs, or latencies of 1 s and 3 s",
            StarvationClaims::somethingElseRanOut),
        new Claim(
            "A17",
            "a SYN flood is a DDoS",
            "a DoS; one machine is enough, spoofed or distributed are options",
            SynQueueClaims::oneMachineIsEnough));
  }

  private static Claim missing(String id, String note, String linux) {
    return new Claim(id, note, linux, null);
  }
}
