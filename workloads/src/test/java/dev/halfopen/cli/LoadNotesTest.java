package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a load, whose defaults the reader of a result may not know. */
class LoadNotesTest {
  @TempDir private Path directory;

  private Path scenario(String load) throws IOException {
    return Files.writeString(
        directory.resolve("web.yaml"),
        """
        halfopen: 1
        duration: 2s
        hosts:
          users: { addresses: 10 }
          web: { apps: { nginx: { role: httpServer, listen: { port: 80 } } } }
        links:
          - { between: [users, web], rtt: 1ms }
        load:
          visits: { from: users, to: web:80, %s }
        """
            .formatted(load));
  }

  private String run(String load) throws IOException {
    CliRun run = CliRun.of("run", scenario(load).toString(), "--out", directory + "/out");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void clientsWaitForThirtySecondsUnlessToldOtherwise() throws IOException {
    assertThat(run("rate: 10/s"))
        .contains("load visits: 10/s, poisson arrivals")
        .contains("; they wait for 30 s");
    assertThat(run("rate: 10/s, timeout: 90ms")).contains("; they wait for 0.09 s");
    assertThat(run("rate: 10/s, timeout: 0s")).contains("; they wait for ever");
    assertThat(run("users: 3, thinkTime: 1s")).contains("; they wait for 30 s");
    assertThat(run("kind: heldConnections, connections: 4, rate: 10/s"))
        .contains("each on one; they wait for 30 s");
    CliRun check = CliRun.of("check", scenario("rate: 10/s").toString());
    assertThat(check.out()).containsPattern("load\\.visits\\.timeout +30s +default");
  }

  @Test
  void pagesAreSaidToBePages() throws IOException {
    assertThat(run("rate: 10/s, fanOut: 6, arrivals: constant"))
        .contains("load visits: 10/s pages of 6 requests that a client sends at once")
        .contains("requests         20 offered   20 succeeded");
  }
}
