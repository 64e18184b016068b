package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps in processes of their own, which are killed and told to stop. */
@DisabledOnOs(WINDOWS)
class SweepInterruptionTest {
  private static final int RUNS = 2 * 2 * 4;

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void anUninterruptedSweep() {
    assertThat(CliRun.of(sweep("whole")).exitCode()).isZero();
  }

  @AfterEach
  void endProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  private String[] sweep(String out, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "sweep",
                "port-exhaustion",
                "--duration=40s",
                "--set=arrivals=poisson",
                "--vary=rate=500/s,1000/s",
                "--vary=idlePool=0,8",
                "--seeds=4",
                "--jobs=2",
                "--out=" + directory.resolve(out)));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Of this test: what its loader reads, or the JVM. */
  private static String classPath() {
    if (Main.class.getClassLoader() instanceof URLClassLoader loader) {
      return Stream.of(loader.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx400m",
                "-cp",
                classPath(),
                "dev.halfopen.cli.Main"));
    command.addAll(List.of(arguments));
    File log = directory.resolve("log-" + started.size()).toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    started.add(process);
    return process;
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log-" + (started.size() - 1)));
  }

  private int rows(String out) throws IOException {
    Path results = directory.resolve(out).resolve("results.csv");
    return Files.exists(results)
        ? Math.max(0, (int) Files.readString(results).lines().count() - 1)
        : 0;
  }

  private void awaitRows(Process process, String out, int wanted) throws Exception {
    while (rows(out) < wanted) {
      assertThat(process.isAlive()).as(log()).isTrue();
      assertThat(process.waitFor(2, TimeUnit.MILLISECONDS)).as(log()).isFalse();
    }
  }

  private static void signal(Process process, String name) throws Exception {
    Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private void theCutOneIsLikeTheWhole() throws IOException {
    for (String file :
        List.of("results.csv", "points.csv", "histograms.csv", "latency.hlog", "report.html")) {
      assertThat(Files.readAllBytes(directory.resolve("cut").resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(directory.resolve("whole").resolve(file)));
    }
  }

  @Test
  void aKilledSweepLosesNoFinishedRunAndEndsLikeAnUninterruptedOne() throws Exception {
    Process process = start(sweep("cut"));
    awaitRows(process, "cut", 3);
    process.destroyForcibly().waitFor();
    int kept = rows("cut");
    assertThat(kept).isBetween(3, RUNS - 1);
    assertThat(directory.resolve("cut/points.csv")).doesNotExist();

    CliRun resumed = CliRun.of(sweep("cut", "--resume"));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    theCutOneIsLikeTheWhole();
  }

  /** As what a shell starts in the background does, and all that it starts. */
  private static boolean ignoresInterrupts(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .map(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
          .anyMatch(mask -> (mask >>> 1 & 1) != 0);
    }
  }

  @Test
  void ctrlCWritesWhatThereIsAndSaysHowToGoOn() throws Exception {
    Process process = start(sweep("cut"));
    awaitRows(process, "cut", 3);
    signal(process, ignoresInterrupts(process) ? "-TERM" : "-INT");
    assertThat(process.waitFor()).isIn(ExitCode.INTERRUPTED, 128 + 15);
    assertThat(rows("cut")).isBetween(3, RUNS - 1);
    assertThat(log()).contains("interrupted: " + rows("cut") + " runs are kept; --resume goes on");
    assertThat(directory.resolve("cut/points.csv")).isNotEmptyFile();

    CliRun resumed = CliRun.of(sweep("cut", "--resume"));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    theCutOneIsLikeTheWhole();
  }
}
