package dev.halfopen.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the two revisions: starts a JVM for every measurement.
 *
 * @param before the command and its arguments that start the JVM: a core to run on, or nothing
 * @param jar its benchmarks.jar
 * @param options JVM options beside those that every measurement has
 */
record Side(String name, List<String> before, String java, String jar, List<String> options) {
  /** As the launcher runs it, with a heap that every load fits. */
  private static final List<String> JVM =
      List.of(
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "-Xms1g",
          "-Xmx1g",
          "-Xmn64m",
          "-XX:+UseParallelGC",
          "-XX:+UseTransparentHugePages",
          "-XX:ObjectAlignmentInBytes=64",
          "-XX:-UseCompressedOops");

  /** Measures; throws IOException with what the JVM said if it gave no sample. */
  Sample measure(String load, double seconds) throws IOException, InterruptedException {
    return await(load, start(load, seconds));
  }

  /** Begins to measure. */
  Process start(String load, double seconds) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(java);
    command.addAll(JVM);
    command.addAll(options);
    command.addAll(List.of("-cp", jar, Measure.class.getName(), load, Double.toString(seconds)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  /** What a measurement that was begun gives in the end. */
  Sample await(String load, Process process) throws IOException, InterruptedException {
    Sample sample = null;
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (Sample.isSample(line)) {
          sample = Sample.parse(line);
        } else {
          said.append(line).append('\n');
        }
      }
    }
    if (process.waitFor() != 0 || sample == null) {
      throw new IOException(name + " did not measure " + load + ":\n" + said);
    }
    return sample;
  }
}
