package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** capture.pcapng: what is asked for stands in it, and a reader that is not ours agrees. */
class CaptureFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What tshark finds fault with: a checksum's status 0, and errors of its experts. */
  private static final String FAULTY =
      "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0"
          + " || udp.checksum.status == 0 || icmp.checksum.status == 0"
          + " || _ws.expert.severity == error";

  private static final String[] SHORT_EXHAUSTION = {
    "port-exhaustion",
    "--duration",
    "20s",
    "--set",
    "ephemeralPorts=1000",
    "--set",
    "rate=100/s",
    "--quiet"
  };

  @TempDir private Path directory;

  private CliRun run(String out, String[] scenario, String... options) {
    List<String> args = new ArrayList<>(List.of("run"));
    args.addAll(List.of(scenario));
    args.addAll(List.of("--out", directory.resolve(out).toString()));
    args.addAll(List.of(options));
    return CliRun.of(args.toArray(String[]::new));
  }

  private Path capture(String out) {
    return directory.resolve(out).resolve("capture.pcapng");
  }

  private Path lossy() throws IOException {
    Path file = directory.resolve("lossy.yaml");
    try (InputStream in = getClass().getResourceAsStream("/dev/halfopen/cli/lossy.yaml")) {
      Files.write(file, Objects.requireNonNull(in).readAllBytes());
    }
    return file;
  }

  private long counter(String out, String host, String name) throws IOException {
    JsonNode nstat =
        JSON.readTree(directory.resolve(out).resolve("nstat-" + host + ".json").toFile());
    return nstat.get("kernel").get(name).asLong();
  }

  /**
   * Taken where the host sends: there tshark sees the segment that was lost and the one sent again,
   * as the host's own counter does. (What it takes for a retransmission starts before the highest
   * sequence number seen; all that the simulator sends again does.)
   */
  private void assertTsharkCounts(String host, String from, long atLeast)
      throws IOException, InterruptedException {
    List<List<String>> faulty = Tshark.rows(capture("a"), FAULTY, List.of("frame.number"));
    assertThat(faulty).isEmpty();
    List<List<String>> again =
        Tshark.rows(
            capture("a"), "tcp.analysis.retransmission && " + from, List.of("frame.number"));
    assertThat((long) again.size())
        .isGreaterThanOrEqualTo(atLeast)
        .isEqualTo(counter("a", host, "TcpRetransSegs"));
  }

  @ParameterizedTest
  @CsvSource({"server, ip.src == 10.0.0.1, 500", "clients, ip.dst == 10.0.0.1, 20"})
  void tsharkCountsTheRetransmissionsOfLossyLink(String host, String from, long atLeast)
      throws IOException, InterruptedException {
    run("a", new String[] {lossy().toString()}, "--pcap-filter", "on " + host);
    assertTsharkCounts(host, from, atLeast);
  }

  @Test
  void tsharkCountsTheRetransmissionsOfPartition() throws IOException, InterruptedException {
    String[] ladder = {
      "rto-ladder", "--set", "writers=3", "--set", "partition=5s", "--duration", "15s"
    };
    run("a", ladder, "--pcap-filter", "on clients");
    assertTsharkCounts("clients", "ip.dst == 10.0.0.1", 10);
  }

  @Test
  void tsharkCountsTheSynAcksThatFloodedServerSendsAgain()
      throws IOException, InterruptedException {
    run(
        "a",
        new String[] {"syn-flood", "--set", "rate=20/s", "--duration", "40s"},
        "--pcap-filter",
        "on server");
    assertTsharkCounts("server", "tcp.srcport == 443", 1000);
  }

  @Test
  void tsharkFindsNoFaultWithAnExhaustedProxyAndNothingSentTwice()
      throws IOException, InterruptedException {
    run("a", SHORT_EXHAUSTION, "--pcap");
    String noticed = FAULTY + " || tcp.analysis.flags";
    assertThat(Tshark.rows(capture("a"), noticed, List.of("frame.number"))).isEmpty();
    assertThat(Tshark.rows(capture("a"), "tcp", List.of("frame.interface_name")))
        .hasSizeGreaterThan(10_000)
        .allMatch(row -> row.equals(List.of("proxy")));
  }

  @Test
  void handshakeIsLaidOutAsMeasuredOnLinux() throws IOException, InterruptedException {
    List<String> columns;
    List<List<String>> measured;
    try (InputStream in = getClass().getResourceAsStream("/oracle/o9_sequences.csv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      List<List<String>> lines = text.lines().map(l -> List.of(l.split(",", -1))).toList();
      columns = lines.get(0);
      measured = lines.stream().filter(l -> l.get(0).equals("client closes")).limit(3).toList();
    }
    List<String> layout =
        List.of(
            "tcp.flags.str",
            "tcp.seq",
            "tcp.ack",
            "tcp.len",
            "tcp.window_size_value",
            "tcp.hdr_len",
            "tcp.options.mss_val",
            "tcp.options.wscale.shift",
            "tcp.options.sack_perm",
            "ip.len");
    run("a", SHORT_EXHAUSTION, "--pcap-filter", "on proxy and host upstream", "--pcap-limit", "3");
    List<List<String>> simulated = Tshark.rows(capture("a"), "tcp", layout);
    assertThat(simulated)
        .containsExactlyElementsOf(
            measured.stream()
                .map(row -> layout.stream().map(c -> row.get(columns.indexOf(c))).toList())
                .toList());
    // MSS, SACK permitted, timestamps, NOP, window scale; then NOP, NOP, timestamps
    assertThat(Tshark.rows(capture("a"), "tcp", List.of("tcp.option_kind")))
        .containsExactly(List.of("2,4,8,1,3"), List.of("2,4,8,1,3"), List.of("1,1,8"));
  }

  @Test
  void threadsChangeNoByte() throws IOException {
    run("one", SHORT_EXHAUSTION, "--pcap");
    run("two", SHORT_EXHAUSTION, "--pcap", "--threads", "2");
    assertThat(Files.mismatch(capture("one"), capture("two"))).isEqualTo(-1);
    run("without", SHORT_EXHAUSTION);
    assertThat(Files.exists(capture("without"))).isFalse();
    assertThat(Files.mismatch(file("one", "timeseries.csv"), file("without", "timeseries.csv")))
        .isEqualTo(-1);
  }

  private Path file(String out, String name) {
    return directory.resolve(out).resolve(name);
  }

  @Test
  void limitIsSaid() throws IOException {
    String[] loud = Stream.of(SHORT_EXHAUSTION).limit(7).toArray(String[]::new);
    CliRun run = run("a", loud, "--pcap-limit", "100");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .isEqualTo(
            "note: capture.pcapng ends after 100 packets; --pcap-filter takes fewer, --pcap-limit"
                + " allows more\n");
    try (Stream<Path> files = Files.list(directory.resolve("a"))) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .contains("capture.pcapng")
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pcap-filter|host prxy|--pcap-filter 'host prxy': no host prxy; did you mean proxy?",
        "--pcap-filter|port 99999|--pcap-filter 'port 99999': '99999' is no port; 1..65535",
        "--pcap-limit|0|--pcap-limit 0: at least 1"
      })
  void badInputIsOneLineAndLeavesNothing(String option, String value, String message) {
    CliRun run = run("a", SHORT_EXHAUSTION, option, value);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errorLines()).containsExactly(message);
    assertThat(directory.resolve("a")).doesNotExist();
  }
}
