package dev.halfopen.report.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** Works through the runs of a plan on several threads, each run on one. */
public final class SweepRunner {
  /** A run as a function of point and seed; empty if it was interrupted. */
  @FunctionalInterface
  public interface Run {
    Optional<RunRow> run(Point point, long seed);
  }

  /** Told after every row, on the thread that made it. */
  @FunctionalInterface
  public interface Listener {
    void done(RunRow row, int finished, int all);
  }

  private SweepRunner() {}

  /** Runs what the store lacks. */
  public static void run(
      List<SweepPlan.Run> wanted,
      SweepStore store,
      int jobs,
      Run function,
      BooleanSupplier stop,
      Listener listener)
      throws InterruptedException {
    List<SweepPlan.Run> missing =
        wanted.stream().filter(r -> !store.has(r.point(), r.seed())).toList();
    int before = wanted.size() - missing.size();
    java.util.concurrent.atomic.AtomicInteger finished =
        new java.util.concurrent.atomic.AtomicInteger(before);
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (SweepPlan.Run run : missing) {
        futures.add(
            threads.submit(
                () -> {
                  if (!stop.getAsBoolean()) {
                    Optional<RunRow> row = function.run(run.point(), run.seed());
                    row.ifPresent(r -> add(store, r));
                    row.ifPresent(r -> listener.done(r, finished.incrementAndGet(), wanted.size()));
                  }
                }));
      }
      for (Future<?> future : futures) {
        Futures.await(future);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void add(SweepStore store, RunRow row) {
    try {
      store.add(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
