package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final String OPEN = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

  private static final class Table extends RecordTable {
    Table() {
      super("table", 16, 15, MemoryBudget.unlimited());
    }

    long churn() {
      SplittableRandom random = new SplittableRandom(1);
      long hash = 0;
      for (int i = 0; i < 300_000; i++) {
        int row = allocate();
        at(row);
        hash = hash * 31 + get(random.nextInt(15));
        clear(8);
        put(random.nextInt(15), i);
        if (random.nextInt(3) == 0) {
          free(row);
        }
      }
      return hash;
    }
  }

  private static long churn() {
    return new Table().churn() + events();
  }

  private static long events() {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 20_000; i++) {
      long timeNs = random.nextLong(1, 1L << random.nextInt(2, 31));
      queue.append(timeNs, Order.of(Order.PACKET, 1, i))[queue.base() + 1] = i;
    }
    long hash = 0;
    for (long ns = queue.nextBucketNs(); ns != Long.MAX_VALUE; ns = queue.nextBucketNs()) {
      queue.open(ns);
      while (queue.next()) {
        hash = hash * 31 + queue.timeNs() + queue.array()[queue.index() + 1];
      }
      queue.close();
    }
    return hash;
  }

  /** The forked JVM: how it accesses words and what comes of it. */
  public static void main(String[] args) {
    System.out.println(Words.isUnchecked() + " " + churn());
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), WordsTest.class.getName()));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    p.getOutputStream().close();
    String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(p.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output.strip();
  }

  @Test
  void givesTheSameCheckedAndUnchecked() throws IOException, InterruptedException {
    String hash = Long.toString(churn());
    assertThat(run(OPEN)).isEqualTo("true " + hash);
    assertThat(run(OPEN, "-Dhalfopen.checked=true")).isEqualTo("false " + hash);
    assertThat(run()).as("where the JVM does not open its internals").isEqualTo("false " + hash);
  }
}
