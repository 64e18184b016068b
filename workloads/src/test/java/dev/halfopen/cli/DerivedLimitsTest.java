package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.ScenarioSource;
import dev.halfopen.tcp.SysctlProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that a kernel derives from its machine's memory: which are shown, and which count. */
class DerivedLimitsTest {
  private static final String WEB =
      """
      halfopen: 1
      duration: 2s
      hosts:
        users: { addresses: 10 }
        web: { HOST apps: { nginx: { role: httpServer, listen: { port: 80 } } } }
      links:
        - { between: [users, web], rtt: 1ms }
      load:
        visits: { from: users, to: web:80, rate: 10/s }
      """;

  @TempDir private Path directory;

  private CliRun cli(String command, String host) throws IOException {
    Path file = directory.resolve("web.yaml");
    Files.writeString(file, WEB.replace("HOST", host));
    return command.equals("check")
        ? CliRun.of("check", file.toString())
        : CliRun.of("run", file.toString(), "--out", directory + "/out");
  }

  private static SysctlProfile web(String host) throws BadInputException {
    ScenarioSource source =
        new ScenarioSource("web", "web.yaml", Path.of(""), WEB.replace("HOST", host));
    return ScenarioReader.read(source, Overrides.NONE)
        .world()
        .group("web")
        .get(0)
        .sysctls()
        .profile();
  }

  @Test
  void checkShowsWhatMemoryMakesAndWhatIsNotModelled() throws IOException {
    assertThat(cli("check", "memory: 24GiB,").out())
        .containsPattern("web:net\\.ipv4\\.tcp_max_tw_buckets +131072 +memory \\(")
        .containsPattern("web:net\\.ipv4\\.tcp_rmem +4096 131072 33554432 +memory \\(")
        .containsPattern("web:net\\.ipv4\\.tcp_mem +288930 385241 577860 +memory, not modelled")
        .containsPattern("web:net\\.ipv4\\.tcp_wmem +4096 16384 4194304 +memory, not modelled");
    assertThat(cli("check", "").out()).doesNotContain("tcp_mem");
  }

  @Test
  void whatASysctlSaysWinsOverMemory() throws BadInputException {
    assertThat(web("").receiveBufferBytesMax()).isEqualTo(6 << 20);
    assertThat(web("memory: 24GiB,").receiveBufferBytesMax()).isEqualTo(32 << 20);
    SysctlProfile set = web("memory: 24GiB, sysctl: { net.ipv4.tcp_rmem: 4096 65536 1048576 },");
    assertThat(set.receiveBufferBytes()).isEqualTo(65_536);
    assertThat(set.receiveBufferBytesMax()).isEqualTo(1 << 20);
  }

  @Test
  void tcpMemIsNamedAmongWhatIsNotModelledAndRefusedWhereItIsSet() throws IOException {
    assertThat(cli("run", "memory: 24GiB,").out())
        .contains("not modelled: CPU, conntrack, open files, tcp_mem");
    assertThat(cli("run", "").out()).doesNotContain("tcp_mem");
    CliRun set = cli("run", "sysctl: { net.ipv4.tcp_mem: 1 2 3 },");
    assertThat(set.exitCode()).isEqualTo(2);
    assertThat(set.err()).contains("net.ipv4.tcp_mem is not modelled yet");
  }
}
