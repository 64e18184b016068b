package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What timeseries.csv says of a connection pool, whose host crashes and boots. */
class PoolColumnsTest {
  private static final int POOL = 20;
  private static final int CRASH_SECONDS = 600;
  private static final int BOOT_SECONDS = 660;

  @TempDir private Path directory;

  private List<Integer> column(String csv, String name) {
    List<String> lines = csv.lines().toList();
    int index = List.of(lines.get(0).split(",", -1)).indexOf(name);
    assertThat(index).as(name).isPositive();
    List<Integer> values = new ArrayList<>();
    lines.stream()
        .skip(1)
        .forEach(line -> values.add(Integer.parseInt(line.split(",", -1)[index])));
    return values;
  }

  @Test
  void aPoolIsFilledAndIsFilledAnewWhenItsHostBoots() throws Exception {
    Path run = directory.resolve("run");
    CliRun.of("run", "half-open-db", "--duration", "700s", "--out", run.toString());
    String csv = Files.readString(run.resolve("timeseries.csv"));

    List<Integer> size = column(csv, "app.hikari.size");
    assertThat(size.get(CRASH_SECONDS - 1)).isEqualTo(POOL);
    assertThat(size.get(BOOT_SECONDS - 1)).isZero();
    assertThat(size.get(size.size() - 1)).isEqualTo(POOL);
    List<Integer> inUse = column(csv, "app.hikari.inUse");
    assertThat(inUse).allSatisfy(n -> assertThat(n).isBetween(0, POOL)).contains(1);
    assertThat(column(csv, "app.hikari.waiting")).contains(0);
  }
}
