package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The script {@code ./halfopen}, in a clone whose {@code mvnw} is a stand-in: it counts its calls
 * and delivers a jar that says how it was started. Only the test tagged long builds in earnest.
 */
@DisabledOnOs(WINDOWS)
class LauncherTest {
  private static final Path REPOSITORY = repository();

  @TempDir Path temporary;
  private Path clone;

  record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void cloneWithStandInForMaven() throws IOException {
    clone = Files.createDirectory(temporary.resolve("a clone"));
    Files.copy(REPOSITORY.resolve("halfopen"), clone.resolve("halfopen"));
    for (String module : List.of("sim-core", "workloads")) {
      Files.createDirectories(clone.resolve(module).resolve("src/main/java"));
      Files.writeString(clone.resolve(module).resolve("pom.xml"), "");
      Files.writeString(clone.resolve(module).resolve("src/main/java/A.java"), "");
    }
    Files.writeString(clone.resolve("pom.xml"), "");
    writeProbeJar(clone.resolve("probe.jar"));
    mavenThat("cp probe.jar \"$jar\"");
  }

  @Test
  void buildsOnFirstUseAndOnlyThen() throws Exception {
    Outcome first = halfopen(clone, "version");
    assertThat(first.err()).isEqualTo("building halfopen (first use)...\n");
    assertThat(first.exitCode()).isZero();

    Outcome second = halfopen(clone, "version");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).startsWith("args=version\n");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainWhenSourceIsNewer() throws Exception {
    halfopen(clone);
    touchLater(clone.resolve("sim-core/src/main/java/A.java"));
    assertThat(halfopen(clone).err()).isEqualTo("building halfopen (sources changed)...\n");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenSourceWasDeleted() throws Exception {
    halfopen(clone);
    Files.delete(clone.resolve("workloads/src/main/java/A.java"));
    touchLater(clone.resolve("workloads/src/main/java"));
    halfopen(clone);
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void buildsAgainWhenSourceChangedDuringTheBuild() throws Exception {
    mavenThat("sleep 0.1", "touch workloads/src/main/java/A.java", "cp probe.jar \"$jar\"");
    halfopen(clone);
    mavenThat("cp probe.jar \"$jar\"");
    halfopen(clone);
    assertThat(builds()).isEqualTo(2);
    halfopen(clone);
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void failedBuildShowsItsLogAndLeavesNoJar() throws Exception {
    halfopen(clone);
    assertThat(jar()).exists();
    touchLater(clone.resolve("workloads/pom.xml"));
    mavenThat("echo half a jar > \"$jar\"", "echo 'A.java:[1,1] no such thing'", "exit 1");

    Outcome failed = halfopen(clone, "version");

    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).contains("A.java:[1,1] no such thing", "the build failed");
    assertThat(jar()).doesNotExist();
    assertThat(jar().resolveSibling("halfopen.jar.new")).doesNotExist();
    assertThat(halfopen(clone, "version").exitCode()).isEqualTo(3);
  }

  @Test
  void buildThatDeliversNoJarHasFailed() throws Exception {
    mavenThat("true");
    assertThat(halfopen(clone).exitCode()).isEqualTo(3);
  }

  @Test
  void concurrentFirstUsesBuildOnce() throws Exception {
    mavenThat("sleep 0.3", "cp probe.jar \"$jar\"");
    assertThat(outcomesOfThree(clone.resolve("halfopen"), Map.of()))
        .allSatisfy(each -> assertThat(each.exitCode()).isZero())
        .allSatisfy(each -> assertThat(each.out()).startsWith("args=version\n"));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void concurrentFirstUsesBuildOnceWithoutFlock() throws Exception {
    mavenThat("sleep 0.3", "cp probe.jar \"$jar\"");
    assertThat(outcomesOfThree(clone.resolve("halfopen"), Map.of("PATH", pathWithout("flock"))))
        .allSatisfy(each -> assertThat(each.exitCode()).isZero());
    assertThat(builds()).isEqualTo(1);
    assertThat(clone.resolve(".halfopen.lock.d")).doesNotExist();
  }

  @Test
  void lockOfDeadProcessIsTaken() throws Exception {
    Path lock = Files.createDirectory(clone.resolve(".halfopen.lock.d"));
    Files.writeString(lock.resolve("pid"), "999999999\n");
    Outcome outcome =
        run(clone, Map.of("PATH", pathWithout("flock")), clone.resolve("halfopen").toString());
    assertThat(outcome.exitCode()).isZero();
    assertThat(lock).doesNotExist();
  }

  @Test
  void runsThroughSymlinksFromAnyDirectory() throws Exception {
    Path elsewhere = Files.createDirectories(temporary.resolve("else where"));
    Path absolute = Files.createSymbolicLink(elsewhere.resolve("ho"), clone.resolve("halfopen"));
    Path relative = Files.createSymbolicLink(temporary.resolve("ho"), Path.of("else where/ho"));

    for (Path link : List.of(absolute, relative)) {
      Outcome outcome = run(elsewhere, Map.of(), link.toString(), "run", "my file.yaml", "", "*");
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .startsWith("args=run|my file.yaml||*\n")
          .contains("directory=" + elsewhere.toRealPath() + "\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--max-memory=1g, 1024m",
    "--max-memory=1GiB, 1024m",
    "--max-memory=512M, 512m",
    "--max-memory=1.5g, 1536m",
    "--max-memory=08g, 8192m",
    "--max-memory=1073741824, 1024m",
    "--max-memory=1m, 64m",
    "--max-memory 2g, 2048m",
    "run --seed 1, 300m",
    "--max-memory=lots, 300m",
  })
  void heapIsMaxMemoryElseTheEnvironments(String arguments, String heap) throws Exception {
    List<String> command = new ArrayList<>(List.of(clone.resolve("halfopen").toString()));
    command.addAll(List.of(arguments.split(" ")));
    Outcome outcome = run(clone, Map.of("HALFOPEN_HEAP", "300m"), command.toArray(String[]::new));
    assertThat(outcome.out()).contains(" -Xmx" + heap + " ");
  }

  @Test
  void heapIsAShareOfTheMachineByDefault() throws Exception {
    assertThat(halfopen(clone).out()).contains(" -XX:MaxRAMPercentage=85 ").doesNotContain("-Xmx");
  }

  @Test
  void wrongHeapInTheEnvironmentIsBadInput() throws Exception {
    Outcome outcome =
        run(clone, Map.of("HALFOPEN_HEAP", "much"), clone.resolve("halfopen").toString());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("HALFOPEN_HEAP=much is no size");
  }

  @Test
  void moreJvmOptionsComeLast() throws Exception {
    Outcome outcome =
        run(
            clone,
            Map.of("HALFOPEN_JAVA_OPTS", "-Done=1  -Dtwo=*"),
            clone.resolve("halfopen").toString());
    assertThat(outcome.out()).endsWith(" -Done=1 -Dtwo=*\n");
  }

  @Test
  void tooOldJavaIsPassedOver() throws Exception {
    halfopen(clone);
    Path old = javaHomeSaying("1.8.0_292");
    Outcome outcome =
        run(clone, Map.of("JAVA_HOME", old.toString()), clone.resolve("halfopen").toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("args=\n");
  }

  @Test
  @Tag("long")
  void buildsInEarnest() throws Exception {
    Path earnest = Files.createDirectory(temporary.resolve("earnest"));
    for (String part :
        List.of("pom.xml", "mvnw", ".mvn", "halfopen", "LICENSE", "sim-core", "workloads")) {
      copyWithoutTarget(REPOSITORY.resolve(part), earnest.resolve(part));
    }
    Files.createDirectories(earnest.resolve("sim-bench"));
    Files.copy(REPOSITORY.resolve("sim-bench/pom.xml"), earnest.resolve("sim-bench/pom.xml"));

    assertThat(outcomesOfThree(earnest.resolve("halfopen"), Map.of()))
        .allSatisfy(each -> assertThat(each.exitCode()).as(each.err()).isZero())
        .allSatisfy(each -> assertThat(each.out()).startsWith("halfopen "));

    Files.writeString(earnest.resolve("workloads/src/main/java/Broken.java"), "class {");
    Outcome failed = run(earnest, Map.of(), earnest.resolve("halfopen").toString(), "version");
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.err()).contains("Broken.java");
    assertThat(earnest.resolve("workloads/target/halfopen.jar")).doesNotExist();
  }

  private Path jar() {
    return clone.resolve("workloads/target/halfopen.jar");
  }

  private long builds() throws IOException {
    try (Stream<String> lines = Files.lines(clone.resolve("builds"))) {
      return lines.count();
    }
  }

  /** A {@code mvnw} that notes its call, sets {@code $jar} to what it shall deliver, and more. */
  private void mavenThat(String... commands) throws IOException {
    writeScript(
        clone.resolve("mvnw"),
        "echo \"$*\" >>builds",
        "for arg; do case $arg in -Dhalfopen.jar=*) jar=${arg#*=} ;; esac; done",
        String.join("\n", commands));
  }

  private static void writeScript(Path path, String... lines) throws IOException {
    Files.writeString(path, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private Outcome halfopen(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(clone.resolve("halfopen").toString()));
    command.addAll(List.of(arguments));
    return run(directory, Map.of(), command.toArray(String[]::new));
  }

  private Outcome run(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    return outcome(start(directory, environment, command));
  }

  private List<Outcome> outcomesOfThree(Path launcher, Map<String, String> environment)
      throws Exception {
    List<Started> started = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      started.add(start(launcher.getParent(), environment, launcher.toString(), "version"));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Started each : started) {
      outcomes.add(outcome(each));
    }
    return outcomes;
  }

  private record Started(Process process, Path out, Path err) {}

  private Started start(Path directory, Map<String, String> environment, String... command)
      throws IOException {
    Path out = Files.createTempFile(temporary, "out", "");
    Path err = Files.createTempFile(temporary, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    // This JVM's own home: the tests say nothing of what else is on the machine.
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    List.of("HALFOPEN_HEAP", "HALFOPEN_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
        .forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Started(process, out, err);
  }

  private static Outcome outcome(Started started) throws Exception {
    if (!started.process().waitFor(3, TimeUnit.MINUTES)) {
      started.process().destroyForcibly();
      throw new AssertionError("still running: " + Files.readString(started.err()));
    }
    return new Outcome(
        started.process().exitValue(),
        Files.readString(started.out()),
        Files.readString(started.err()));
  }

  /** Two seconds on, since a file system may count in whole ones. */
  private static void touchLater(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(2)));
  }

  /** A directory that leads to what the launcher and the JVM's start need, but one. */
  private String pathWithout(String tool) throws IOException {
    Path bin = Files.createDirectory(temporary.resolve("bin"));
    for (String name :
        List.of(
            "bash",
            "cat",
            "cp",
            "dirname",
            "env",
            "find",
            "flock",
            "grep",
            "head",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "touch")) {
      for (String directory : System.getenv("PATH").split(":")) {
        Path found = Path.of(directory, name);
        if (Files.isExecutable(found) && !name.equals(tool)) {
          writeScript(bin.resolve(name), "exec " + found + " \"$@\"");
          break;
        }
      }
    }
    return bin.toString();
  }

  private Path javaHomeSaying(String version) throws IOException {
    Path home = Files.createDirectories(temporary.resolve("old-java"));
    writeScript(Files.createDirectories(home.resolve("bin")).resolve("java"), "exit 1");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static void writeProbeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, LauncherProbe.class.getName());
    String entry = LauncherProbe.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        InputStream probe = LauncherProbe.class.getResourceAsStream("/" + entry)) {
      out.putNextEntry(new JarEntry(entry));
      probe.transferTo(out);
    }
  }

  private static void copyWithoutTarget(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path source : (Iterable<Path>) files::iterator) {
        Path relative = from.relativize(source);
        if (!relative.startsWith("target")) {
          Files.copy(source, to.resolve(relative.toString()));
        }
      }
    }
  }

  private static Path repository() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(directory.resolve("halfopen"))) {
      directory = directory.getParent();
    }
    return directory;
  }
}
