package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of error that a user can meet: one clear line, exit code 2, nothing left behind. */
class ErrorMessagesTest {
  @TempDir private Path directory;

  static Stream<Arguments> badOptions() {
    return Stream.of(
        bad(
            "--set keepalive=on: port-exhaustion has no such parameter; idlePool (HTTP connection"
                + " reuse) or tcpKeepalive (SO_KEEPALIVE)?",
            "--set",
            "keepalive=on"),
        bad(
            "--set rate=900: \"900\" has no unit; write 900/s, 900/min or 900/h",
            "--set",
            "rate=900"),
        bad("--set rate=-5/s: -5/s is negative; 1/h..1000000/s", "--set", "rate=-5/s"),
        bad("--set rtt=5min: 5min is out of range; 1us..10s", "--set", "rtt=5min"),
        bad(
            "--set rtt=5KiB: \"5KiB\" is not a duration (unknown unit KiB); write 5ms, 5s or 5min",
            "--set",
            "rtt=5KiB"),
        bad(
            "--set requestBytes=2kB: \"2kB\" is not a size (unknown unit kB); write 2B, 2KiB or 2MiB",
            "--set",
            "requestBytes=2kB"),
        bad("--set upstreams=2.5: 2.5 is not a whole number", "--set", "upstreams=2.5"),
        bad(
            "--set rat=5/s: port-exhaustion has no such parameter; did you mean rate?",
            "--set",
            "rat=5/s"),
        bad("--set rate: is not KEY=VALUE", "--set", "rate"),
        bad(
            "--set closer=prox: \"prox\" is not one of proxy, upstream, race; did you mean proxy?",
            "--set",
            "closer=prox"),
        bad(
            "--set retryOn=[error, tomorrow]: \"tomorrow\" is not one of error, timeout",
            "--set",
            "retryOn=[error, tomorrow]"),
        bad(
            "--set idlePool=5: 5 keeps nothing while every connection is closed (closer race); set"
                + " closer to proxy, or idlePool to 0",
            "--set",
            "idlePool=5",
            "--set",
            "closer=race"),
        bad(
            "--set ephemeralPorts=1000: conflicts with --sysctl"
                + " proxy:net.ipv4.ip_local_port_range=32768 60999; give one",
            "--set",
            "ephemeralPorts=1000",
            "--sysctl",
            "proxy:net.ipv4.ip_local_port_range=32768 60999"),
        bad(
            "--sysctl proxy:net.ipv4.ip_local_port_range=60999 32768:"
                + " net.ipv4.ip_local_port_range: 60999 32768 is refused by the kernel (EINVAL);"
                + " 1 <= first <= last <= 65535",
            "--sysctl",
            "proxy:net.ipv4.ip_local_port_range=60999 32768"),
        bad(
            "--sysctl proxy:net.ipv4.tcp_syn_retries=0: net.ipv4.tcp_syn_retries: 0 is refused by the"
                + " kernel (EINVAL); 1..127",
            "--sysctl",
            "proxy:net.ipv4.tcp_syn_retries=0"),
        bad(
            "--sysctl proxy:net.ipv4.tcp_tw_resue=1: unknown key net.ipv4.tcp_tw_resue; did you mean"
                + " net.ipv4.tcp_tw_reuse?",
            "--sysctl",
            "proxy:net.ipv4.tcp_tw_resue=1"),
        bad(
            "--sysctl proxy:net.ipv4.tcp_mem=300000 400000 600000: net.ipv4.tcp_mem is not modelled"
                + " yet",
            "--sysctl",
            "proxy:net.ipv4.tcp_mem=300000 400000 600000"),
        bad(
            "--sysctl proxy:net.ipv4.tcp_rmem=131072: net.ipv4.tcp_rmem: \"131072\" is not three"
                + " sizes; write LEAST FIRST MOST",
            "--sysctl",
            "proxy:net.ipv4.tcp_rmem=131072"),
        bad(
            "--sysctl proxy:net.ipv4.tcp_rmem=4096 1 1: net.ipv4.tcp_rmem: 4096 1 1: buffers of less"
                + " than a page are not modelled",
            "--sysctl",
            "proxy:net.ipv4.tcp_rmem=4096 1 1"),
        bad(
            "--sysctl net.ipv4.tcp_tw_reuse=1: 2 hosts have a kernel; write"
                + " proxy:net.ipv4.tcp_tw_reuse=1 or upstream:net.ipv4.tcp_tw_reuse=1",
            "--sysctl",
            "net.ipv4.tcp_tw_reuse=1"),
        bad(
            "--sysctl upstream-1:net.ipv4.tcp_tw_reuse=1: upstream-1 is one of the group upstream;"
                + " write upstream",
            "--sysctl",
            "upstream-1:net.ipv4.tcp_tw_reuse=1"),
        bad(
            "--sysctl-file proxy:/no/such/file: cannot read /no/such/file: no such file",
            "--sysctl-file",
            "proxy:/no/such/file"),
        bad(
            "--set hosts.prxy.kernel=linux-3.10: hosts has no prxy; did you mean proxy?; it has"
                + " clients, proxy, upstream",
            "--set",
            "hosts.prxy.kernel=linux-3.10"),
        bad(
            "--set hosts.proxy.apps.nginx.upstream.idelPool=3: unknown key idelPool; did you mean"
                + " idlePool?",
            "--set",
            "hosts.proxy.apps.nginx.upstream.idelPool=3"),
        bad(
            "--set hosts.proxy.apps.nginx.upstream.idlePool=-3: -3 is negative; 0..1000000",
            "--set",
            "hosts.proxy.apps.nginx.upstream.idlePool=-3"),
        bad(
            "--kernel linux-9.9: unknown kernel linux-9.9; known: linux-3.10, linux-6.18",
            "--kernel",
            "linux-9.9"),
        bad(
            "--kernel prxy:linux-3.10: no host prxy; did you mean proxy?; hosts: clients, proxy,"
                + " upstream",
            "--kernel",
            "prxy:linux-3.10"),
        bad("--seed -1: -1 is negative; 0..922337203685477580", "--seed", "-1"),
        bad("--duration 5: \"5\" has no unit; write 5ms, 5s or 5min", "--duration", "5"),
        bad("--threads 0: at least 1", "--threads", "0"),
        bad("--max-memory 1: \"1\" has no unit; write 1B, 1KiB or 1MiB", "--max-memory", "1"),
        bad(
            "halfopen run: unknown option --kernell; did you mean --kernel? (halfopen run --help)",
            "--kernell",
            "x"));
  }

  private static Arguments bad(String message, String... options) {
    return Arguments.of(message, options);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badOptions")
  void badOptionIsOneLine(String message, String[] options) {
    Path out = directory.resolve("out");
    String[] args =
        Stream.concat(
                Stream.of("run", "port-exhaustion", "--out", out.toString()), Stream.of(options))
            .toArray(String[]::new);
    CliRun run = CliRun.of(args);
    assertThat(run.errorLines()).containsExactly(message);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void unknownWorkloadIsNamedAndGuessed() {
    assertThat(CliRun.of("run", "port-exhaust").errorLines())
        .containsExactly(
            "port-exhaust: no such workload; did you mean port-exhaustion? (a file's name has a / or"
                + " ends in .yaml)");
  }

  @Test
  void unknownCommandIsGuessed() {
    CliRun run = CliRun.of("rum");
    assertThat(run.errorLines())
        .containsExactly("halfopen: unknown argument rum; did you mean run? (halfopen --help)");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void missingFileIsOneLine() {
    Path file = directory.resolve("none.yaml");
    CliRun run = CliRun.of("run", file.toString());
    assertThat(run.errorLines()).containsExactly(file + ": no such file");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void directoryIsNoScenario() {
    assertThat(CliRun.of("check", directory + "/").errorLines())
        .containsExactly(directory + ": is a directory");
  }

  @Test
  void binaryFileIsNoScenario() throws IOException {
    Path file = directory.resolve("binary.yaml");
    Files.write(file, new byte[] {(byte) 0xC3, (byte) 0x28});
    assertThat(CliRun.of("check", file.toString()).errorLines())
        .containsExactly(file + ": is not text in UTF-8");
  }

  @Test
  void runThatNeedsTooMuchMemorySaysHowMuch() {
    CliRun run =
        CliRun.of("run", "port-exhaustion", "--set", "rate=1000000/s", "--max-memory", "4MiB");
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.err())
        .startsWith("port-exhaustion: needs about ")
        .endsWith("4 MiB allowed. Lower load.requests.rate or raise --max-memory\n");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void directoryOfSomebodyElseIsKept() throws IOException {
    Files.writeString(directory.resolve("mine.txt"), "mine", StandardCharsets.UTF_8);
    CliRun run = CliRun.of("run", "port-exhaustion", "--out", directory.toString());
    assertThat(run.errorLines())
        .containsExactly(
            "--out "
                + directory
                + ": exists and was not written by halfopen; remove it or give another directory");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(directory.resolve("mine.txt")).exists();
    assertThat(directory.toFile().list()).containsExactly("mine.txt");
  }

  @Test
  void unwritableDirectoryIsFoundBeforeTheRun() throws IOException {
    Path file = directory.resolve("file");
    Files.writeString(file, "x", StandardCharsets.UTF_8);
    Path out = file.resolve("deep/er");
    CliRun run = CliRun.of("run", "port-exhaustion", "--out", out.toString());
    assertThat(run.errorLines())
        .containsExactly("--out " + out + ": cannot be written: Not a directory");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(directory.toFile().list()).containsExactly("file");
  }

  @Test
  void sysctlFileWithNonsenseIsNamedWithItsLine() throws IOException {
    Path file = directory.resolve("sysctl.txt");
    Files.writeString(file, "net.ipv4.tcp_tw_reuse = 1\nwhat is this\n", StandardCharsets.UTF_8);
    assertThat(CliRun.of("check", "port-exhaustion", "--sysctl-file", "proxy:" + file).errorLines())
        .containsExactly(
            file + ":2:1: \"what is this\" is not KEY = VALUE, as sysctl -a prints it");
  }
}
