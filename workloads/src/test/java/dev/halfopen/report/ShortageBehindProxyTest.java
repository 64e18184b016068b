package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application server behind a proxy is short of is named, and not what the proxy saw. */
class ShortageBehindProxyTest {
  @TempDir private Path directory;

  private DiagnosedRun run(String server) throws IOException {
    return DiagnosedRun.of(
        directory,
        """
        halfopen: 1
        duration: 60s
        hosts:
          users: { addresses: 500 }
          edge:
            apps:
              nginx:
                role: reverseProxy
                listen: { port: 80 }
                upstream: { to: app:8080, closer: proxy, idlePool: 8, readTimeout: 5s, maxFails: 0 }
          app:
            apps:
              shop:
                role: httpServer
                perRequest: [ { cpu: 100ms } ]
                SERVER
        links:
          - { between: [users, edge], rtt: 20ms }
          - { between: [edge, app], rtt: 1ms }
        load:
          visits: { from: users, to: edge:80, rate: 20/s, arrivals: constant, timeout: 20s }
        """
            .replace("SERVER", server));
  }

  private static void explainsAll(DiagnosedRun run, String resource) {
    JsonNode d = run.diagnosis(resource);
    assertThat(d.get("host").asText()).isEqualTo("app");
    assertThat(d.get("explainsFailed").asLong()).isEqualTo(run.failed()).isPositive();
    assertThat(run.unexplained()).isZero();
  }

  @Test
  void anAcceptLoopThatIsTooSlowFillsItsQueue() throws IOException {
    String keys = "listen: { port: 8080, backlog: 3 }, acceptTime: { constant: 2s }";
    DiagnosedRun run = run(keys.replace(", acc", "\n        acc"));
    explainsAll(run, "accept queue");
    assertThat(run.failures("readTimeout")).isPositive();
  }

  @Test
  void aServerWithOneConnectionClosesTheOthers() throws IOException {
    String keys = "listen: { port: 8080 }\n        workers: 1\n        connectionsPerWorker: 1";
    DiagnosedRun run = run(keys);
    explainsAll(run, "worker connections");
    assertThat(run.failures("prematureClose")).isEqualTo(run.failed());
  }

  @Test
  void aServerThatHasEnoughOfBothIsNotNamed() throws IOException {
    DiagnosedRun run = run("listen: { port: 8080 }");
    assertThat(run.failed()).isZero();
    assertThat(run.resources()).isEmpty();
  }
}
