package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * An upstream closes idle connections after T = 1 s, at a round trip of 20 ms: only a request whose
 * idle gap lies in [T - RTT, T] meets a connection that is closing (measured: 0.98-1.00 s, oracle
 * O11 stale).
 */
class StalePoolTest {
  private static final long MS = Scene.MS;
  private static final long ROUND_TRIP_NS = 20 * MS;
  private static final long IDLE_NS = Scene.S;

  /** Beyond the round trip: bytes on the wire and the least time of an event. */
  private static final long SLACK_NS = MS / 10;

  /** Two requests; the second comes so long after the proxy has had the response to the first. */
  private static Scene twoRequests(long gapNs, boolean posts, long proxyIdleNs) {
    Scene scene = new Scene(1, ROUND_TRIP_NS);
    scene.proxyConfig.idlePool = 1;
    scene.proxyConfig.idleTimeoutNs = proxyIdleNs;
    scene.originConfig.idleTimeoutNs = IDLE_NS;
    scene.load.postsPerThousand = posts ? 1000 : 0;
    // The first response takes a handshake with the upstream and a round trip, and a handshake with
    // the proxy that the second request need not make.
    scene.load.rateCount = 1;
    scene.load.ratePerNs = MS + 2 * ROUND_TRIP_NS + gapNs;
    scene.load.requestsMax = 2;
    scene.run(4);
    return scene;
  }

  @Test
  void aPostFailsOnlyWhereItsGapIsInTheWindow() {
    for (long gapNs = 900 * MS; gapNs <= 1100 * MS; gapNs += MS / 2) {
      LoadStats stats = twoRequests(gapNs, true, 0).farm.stats();
      if (gapNs > IDLE_NS - ROUND_TRIP_NS + SLACK_NS && gapNs < IDLE_NS - SLACK_NS) {
        assertThat(stats.seenAs(SeenAs.STATUS_502)).as("gap of %d ns", gapNs).isEqualTo(1);
      } else if (gapNs < IDLE_NS - ROUND_TRIP_NS - SLACK_NS || gapNs > IDLE_NS + SLACK_NS) {
        assertThat(stats.failed()).as("gap of %d ns", gapNs).isZero();
      }
    }
  }

  @Test
  void aGetInTheWindowIsRepeatedOnANewConnection() {
    for (long gapNs = 981 * MS; gapNs < 1000 * MS; gapNs += MS) {
      Scene scene = twoRequests(gapNs, false, 0);
      assertThat(scene.farm.stats().failed()).isZero();
      assertThat(scene.proxied().retries()).isEqualTo(1);
      // The RST is back after a round trip or the FIN before it; then a handshake and a round trip.
      assertThat(scene.farm.stats().request().total().getMaxValue())
          .isBetween(2 * ROUND_TRIP_NS, 3 * ROUND_TRIP_NS + 4 * MS);
    }
  }

  @Test
  void aProxyThatClosesFirstNeverMeetsAClosingConnection() {
    for (long gapNs = 960 * MS; gapNs <= 1010 * MS; gapNs += MS / 2) {
      Scene scene = twoRequests(gapNs, true, IDLE_NS - ROUND_TRIP_NS - MS);
      assertThat(scene.farm.stats().failed()).isZero();
      assertThat(scene.proxied().retries()).isZero();
    }
  }
}
