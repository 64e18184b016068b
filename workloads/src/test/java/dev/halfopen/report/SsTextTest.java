package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.tcp.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The columns of ss, iproute2 6.1, that ran on a Linux 6.18 and was recorded. */
class SsTextTest {
  private final String recorded;
  private final SocketTable sockets = new SocketTable(MemoryBudget.unlimited(), 100);

  SsTextTest() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/dev/halfopen/report/ss-tan.txt")) {
      recorded = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int state(String word) {
    for (int s = 0; s < State.COUNT; s++) {
      if (SsText.stateName(s).equals(word)) {
        return s;
      }
    }
    throw new AssertionError("ss has a state that is not ours: " + word);
  }

  private static int address(String text) {
    int address = 0;
    for (String part : text.split("\\.", -1)) {
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }

  private void add(String line) {
    List<String> cells = List.of(line.trim().split("[ :]+", -1));
    String peerPort = cells.get(6);
    sockets.add(
        0,
        state(cells.get(0)),
        Integer.parseInt(cells.get(1)),
        Integer.parseInt(cells.get(2)),
        address(cells.get(3)),
        address(cells.get(5)),
        Integer.parseInt(cells.get(4)) << 16
            | (peerPort.equals("*") ? 0 : Integer.parseInt(peerPort)));
  }

  @Test
  void columnsAreThoseOfTheRealTool() throws IOException {
    recorded.lines().skip(1).forEach(this::add);
    StringBuilder out = new StringBuilder();
    SsText.table(sockets, 0, sockets.size(), out);
    assertThat(sockets.size()).isEqualTo(16);
    assertThat(out).hasToString(recorded);
  }

  @Test
  void columnsGrowWithWhatStandsInThem() throws IOException {
    sockets.add(0, State.ESTABLISHED, 12_345_678, 1, 0xFFFFFFFF, 1, 1 << 16 | 65_535);
    StringBuilder out = new StringBuilder();
    SsText.table(sockets, 0, 1, out);
    assertThat(out)
        .hasToString(
            """
            State Recv-Q   Send-Q   Local Address:Port Peer Address:Port Process
            ESTAB 12345678 1      255.255.255.255:1         0.0.0.1:65535      \s
            """);
  }
}
