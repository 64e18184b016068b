package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The named workloads hold on the older kernel as well; what it changes they know. */
class BothKernelsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "rto-ladder, 3 of 3",
    "half-open-db, 3 of 3",
    "reuse-matrix, 3 of 3",
    "syn-flood, 8 of 8",
    "port-exhaustion, 3 of 3",
    "db-failover, 5 of 5",
    "fan-out, 6 of 6"
  })
  void theirExpectationsHoldOnLinux310(String workload, String agree) {
    CliRun run =
        CliRun.of(
            "run",
            workload,
            "--kernel",
            "linux-3.10",
            "--out",
            directory.resolve(workload).toString());
    assertThat(run.out()).contains("self-check       " + agree + " agree");
  }
}
