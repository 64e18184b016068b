package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.capture.Capture;
import dev.halfopen.net.capture.CaptureConfig;
import dev.halfopen.net.capture.PcapngReader;
import dev.halfopen.tcp.Mib;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a capture of a world holds, whoever runs its shards. */
@Timeout(60)
class CaptureTest {
  private static final long S = ManyHosts.S;

  @TempDir private Path folder;

  private static ManyHosts troubled() {
    return new ManyHosts(3, MemoryBudget.unlimited(), false)
        .churn(3, 100, S)
        .proxied(S)
        .flooded()
        .troubled();
  }

  private CaptureConfig to(String name) {
    return new CaptureConfig(folder.resolve(name));
  }

  private static String run(ManyHosts m, CaptureConfig config, int shards, int threads)
      throws IOException {
    try (Capture capture = new Capture(config)) {
      m.builder.capture(capture);
      return m.run(shards, threads, 2 * S);
    }
  }

  private byte[] bytes(String filter, long packets, int shards, int threads) throws IOException {
    CaptureConfig config = to(shards + "-" + threads);
    config.filter = filter;
    config.packetsMax = packets;
    run(troubled(), config, shards, threads);
    return Files.readAllBytes(config.file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "on proxy or on victim", "host server1 or on visitors"})
  void isTheSameFileForAnyNumberOfShardsAndThreads(String filter) throws IOException {
    String f = filter.isEmpty() ? null : filter;
    byte[] one = bytes(f, Long.MAX_VALUE, 1, 1);
    assertThat(one.length).isGreaterThan(100_000);
    assertThat(bytes(f, Long.MAX_VALUE, 8, 1)).isEqualTo(one);
    assertThat(bytes(f, Long.MAX_VALUE, 8, 3)).isEqualTo(one);
  }

  @Test
  void limitTakesTheFirstPacketsOfTheRunWhateverTheShards() throws IOException {
    byte[] one = bytes(null, 1234, 1, 1);
    assertThat(new PcapngReader(folder.resolve("1-1")).frames).hasSize(1234);
    assertThat(bytes(null, 1234, 8, 1)).isEqualTo(one);
    assertThat(bytes(null, 1234, 8, 3)).isEqualTo(one);
  }

  @Test
  void changesNothingInTheRun() throws IOException {
    String without = troubled().run(8, 2, 2 * S);
    assertThat(run(troubled(), to("with"), 8, 2)).isEqualTo(without);
  }

  @Test
  void hasEverySegmentThatHostsCounted() throws IOException {
    ManyHosts m = new ManyHosts(5, MemoryBudget.unlimited(), false).churn(3, 200, S);
    CaptureConfig config = to("all");
    config.filter =
        m.hosts.stream().map(h -> "on " + h.name()).reduce((a, b) -> a + " or " + b).orElseThrow();
    run(m, config, 1, 1);
    PcapngReader file = new PcapngReader(config.file);
    assertThat(file.interfaces)
        .containsExactlyElementsOf(m.hosts.stream().map(h -> h.name()).toList());
    assertThat(file.frames.stream().filter(f -> !f.inbound()).count())
        .isEqualTo(m.counter(Mib.OUT_SEGS));
    assertThat(file.frames.stream().filter(PcapngReader.Frame::inbound).count())
        .isEqualTo(m.counter(Mib.IN_SEGS));
    long before = 0;
    for (PcapngReader.Frame f : file.frames) {
      assertThat(f.ns()).isGreaterThanOrEqualTo(before);
      before = f.ns();
    }
  }

  @Test
  void saysWhichNameOfTheFilterIsUnknown() throws IOException {
    ManyHosts m = troubled();
    CaptureConfig config = to("bad");
    config.filter = "host nobody";
    assertThatThrownBy(() -> run(m, config, 1, 1)).hasMessage("'host nobody': no host nobody");
  }
}
