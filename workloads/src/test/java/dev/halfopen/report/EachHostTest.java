package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two servers of a group each is named for what it ran short of, with its own times. */
class EachHostTest {
  private static final String SECOND =
      "- { name: second, at: 20s, do: hang, host: app-2, for: 3s }";
  private static final String FIRST = "- { name: first, at: 5s, do: hang, host: app-1, for: 3s }";
  private static final String PLAIN = "serviceTime: { constant: 100ms }";
  private static final String STEPS = "perRequest: [ { cpu: 100ms } ]";

  @TempDir private Path directory;

  private DiagnosedRun direct(String service, String... faults) throws IOException {
    return DiagnosedRun.of(
        directory,
        """
        halfopen: 1
        duration: 50s
        hosts:
          clients: { addresses: 50 }
          app:
            count: 2
            kernel: linux-6.18
            apps: { web: { role: httpServer, listen: { port: 8080 }, workers: 2, SERVICE } }
        links:
          - { between: [clients, app], rtt: 1ms, rate: 10Gbit/s }
        load:
          clients:
            { from: clients, to: "app:8080", rate: 36/s, arrivals: constant, timeout: 2s, requestsPerClientConnection: 1 }
        faults:
          FAULTS
        """
            .replace("SERVICE", service)
            .replace("FAULTS", String.join("\n  ", faults)));
  }

  private DiagnosedRun behindProxy(String service, String readTimeout, String... faults)
      throws IOException {
    return DiagnosedRun.of(
        directory,
        """
        halfopen: 1
        duration: 50s
        hosts:
          clients: { addresses: 50 }
          proxy:
            kernel: linux-6.18
            apps:
              nginx:
                role: reverseProxy
                listen: { port: 80 }
                upstream: { to: "app:8080", readTimeout: READ, retryOn: [], maxFails: 0 }
          app:
            count: 2
            kernel: linux-6.18
            apps: { web: { role: httpServer, listen: { port: 8080 }, workers: 2, SERVICE } }
        links:
          - { between: [clients, proxy], rtt: 1ms, rate: 10Gbit/s }
          - { between: [proxy, app], rtt: 1ms, rate: 10Gbit/s }
        load:
          clients: { from: clients, to: "proxy:80", rate: 36/s, arrivals: constant, timeout: 2s }
        faults:
          FAULTS
        """
            .replace("SERVICE", service)
            .replace("READ", readTimeout)
            .replace("FAULTS", String.join("\n  ", faults)));
  }

  /** It explains what failed at the second server, which hung from 20 s on. */
  private static void namesTheSecondOnly(DiagnosedRun run, String resource) {
    assertThat(run.failed()).isPositive();
    assertThat(run.unexplained()).isZero();
    JsonNode d = run.diagnosis(resource);
    assertThat(d.get("host").asText()).isEqualTo("app-2");
    assertThat(d.get("from").asDouble()).isBetween(18.0, 23.0);
    assertThat(d.get("to").asDouble()).isBetween(20.0, 45.0);
    assertThat(d.get("explainsFailed").asLong()).isEqualTo(run.failed());
  }

  @Test
  void theSecondServerRunsFullAndIsNamed() throws IOException {
    for (String service : List.of(PLAIN, STEPS)) {
      namesTheSecondOnly(direct(service, SECOND), "workers");
    }
  }

  @Test
  void theSecondUpstreamRunsFullAndIsNamed() throws IOException {
    for (String service : List.of(PLAIN, STEPS)) {
      namesTheSecondOnly(behindProxy(service, "1h", SECOND), "workers");
    }
  }

  @Test
  void theSecondUpstreamDoesNotAnswerInTimeAndIsNamed() throws IOException {
    namesTheSecondOnly(behindProxy(PLAIN, "1s", SECOND), "response time of the upstream");
  }

  @Test
  void ofTwoThatRunFullEachHasItsOwnTimes() throws IOException {
    for (String service : List.of(PLAIN, STEPS)) {
      DiagnosedRun run = direct(service, FIRST, SECOND);
      assertThat(run.unexplained()).isZero();
      List<JsonNode> both = run.diagnoses("workers");
      assertThat(both)
          .extracting(d -> d.get("host").asText())
          .containsExactlyInAnyOrder("app-1", "app-2");
      long explained = 0;
      for (JsonNode d : both) {
        double hung = d.get("host").asText().equals("app-1") ? 5 : 20;
        assertThat(d.get("from").asDouble()).isBetween(hung - 2, hung + 3);
        assertThat(d.get("to").asDouble()).isBetween(hung, hung + 15);
        explained += d.get("explainsFailed").asLong();
      }
      assertThat(explained).isEqualTo(run.failed()).isPositive();
    }
  }
}
