package dev.halfopen.app;

import static dev.halfopen.app.Scene.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.world.World;
import org.HdrHistogram.HistogramIterationValue;
import org.junit.jupiter.api.Test;

/** Proxies and HTTP servers that die in the midst of their work, and begin anew. */
class NewLivesTest {
  private final Scene scene = new Scene(2);

  private void hungRequests() {
    scene.load.rateCount = 10;
    scene.originConfig.serviceTime = Distribution.constant(500 * S);
    scene.originConfig.workers = 3;
  }

  @Test
  void aDeadServerServesNobody() {
    hungRequests();
    scene.faults().powerLoss(scene.upstream(0), 5 * S, DeadAddress.SILENT);
    World world = scene.start();
    world.run(4 * S);
    assertThat(scene.origins[0].workers().value()).isEqualTo(3);
    assertThat(scene.origins[0].connections().value()).isPositive();
    world.run(6 * S);
    assertThat(scene.origins[0].workers().value()).isZero();
    assertThat(scene.origins[0].connections().value()).isZero();
    assertThat(scene.origins[0].files().value()).isZero();
    assertThat(scene.origins[1].workers().value()).isEqualTo(3);
  }

  @Test
  void aKilledServerServesAgainWithAllItsWorkers() {
    scene.load.rateCount = 10;
    scene.originConfig.serviceTime = Distribution.constant(S / 5);
    scene.originConfig.workers = 3;
    scene.faults().kill(scene.upstream(0), 5 * S).start(scene.upstream(0), 6 * S);
    LoadStats stats = scene.run(20);
    assertThat(stats.unfinished()).isZero();
    assertThat(stats.failed()).isLessThan(3);
    assertThat(scene.proxied().retries()).isPositive();
    assertThat(scene.origins[0].workers().value()).isZero();
    assertThat(scene.origins[0].responses()).isGreaterThan(80);
  }

  @Test
  void aServerThatBootsDrawsOtherServiceTimesThanBefore() {
    Scene one = new Scene(1);
    one.load.rateCount = 1;
    one.load.requestsPerClientConnection = 1;
    one.originConfig.serviceTime = Distribution.exponential(200e6);
    one.faults().kill(one.upstream(0), 29 * S + S / 2).start(one.upstream(0), 29 * S + 3 * S / 5);
    LoadStats stats = one.run(59);
    int different = 0;
    for (HistogramIterationValue v : stats.request().total().recordedValues()) {
      different += v.getCountAtValueIteratedTo() == 1 ? 1 : 0;
    }
    // Thirty before and thirty after; some fall together, within a thousandth.
    assertThat(stats.succeeded()).isGreaterThan(57);
    assertThat(different).isGreaterThan(50);
  }

  @Test
  void aProxyThatBootsHasForgottenItsConnectionsAndWhoWasDown() {
    scene.load.rateCount = 100;
    scene.proxyConfig.maxFails = 1;
    scene.proxyConfig.failTimeoutSeconds = 1000;
    scene.proxyConfig.idlePool = 8;
    scene.originConfig.serviceTime = Distribution.constant(S / 100);
    scene
        .faults()
        .kill(scene.upstream(0), 3 * S)
        .start(scene.upstream(0), 4 * S)
        .powerLoss(scene.proxyHost(), 8 * S, DeadAddress.SILENT)
        .boot(scene.proxyHost(), 10 * S);
    World world = scene.start();
    world.run(8 * S - 1);
    long before = scene.origins[0].responses();
    assertThat(scene.origins[1].responses()).isGreaterThan(before + 200);
    world.run(9 * S);
    assertThat(scene.proxy.connections().value()).isZero();
    assertThat(scene.proxy.files().value()).isZero();
    world.run(60 * S);
    assertThat(scene.origins[0].responses()).isGreaterThan(before + 1000);
    assertThat(scene.proxy.files().value()).isEqualTo(scene.proxy.connections().value());
  }
}
