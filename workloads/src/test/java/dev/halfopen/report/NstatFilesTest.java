package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.tcp.Mib;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The lines of nstat, iproute2 6.1, that ran on a Linux 6.18 and was recorded. */
class NstatFilesTest {
  private final Set<String> ours =
      new HashSet<>(Arrays.stream(NstatFiles.order()).mapToObj(Mib::name).toList());

  private static String recorded(String name) throws IOException {
    try (InputStream in =
        NstatFilesTest.class.getResourceAsStream("/dev/halfopen/report/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> recordedLines() throws IOException {
    return recorded("nstat-asz.txt")
        .lines()
        .filter(l -> l.startsWith("#") || ours.contains(l.split(" ", -1)[0]))
        .toList();
  }

  private long[] recordedCounters() throws IOException {
    List<String> names = List.of(Mib.names());
    long[] counters = new long[Mib.COUNT];
    for (String line : recordedLines().subList(1, recordedLines().size())) {
      String[] words = line.split(" +", -1);
      counters[names.indexOf(words[0])] = Long.parseLong(words[1]);
    }
    return counters;
  }

  @Test
  void textHasTheRealToolsLinesInItsOrder() throws IOException {
    assertThat(recordedLines()).hasSize(NstatFiles.order().length);
    assertThat(NstatFiles.text(recordedCounters()).lines()).isEqualTo(recordedLines());
  }

  @Test
  void jsonIsTheRealToolsWithoutTheCountersThatAreNotModelled() throws IOException {
    String inner = recorded("nstat-aszj.json").replace("{\"kernel\":{", "").replace("}}\n", "");
    String kept =
        Arrays.stream(inner.split(",", -1))
            .filter(pair -> ours.contains(pair.substring(1, pair.indexOf('"', 1))))
            .collect(Collectors.joining(",", "{\"kernel\":{", "}}\n"));
    assertThat(NstatFiles.json(recordedCounters())).isEqualTo(kept);
  }

  @Test
  void everyCounterIsShownButTheGauge() {
    assertThat(ours).hasSize(Mib.COUNT - 1).doesNotContain("TcpCurrEstab");
  }

  @Test
  void counterOfOldKernelsIsShownWhereItMoved() {
    long[] counters = new long[Mib.COUNT];
    counters[Mib.PAWS_PASSIVE] = 3;
    assertThat(NstatFiles.text(counters)).contains("\nTcpExtPAWSPassive               3  ");
  }
}
