package dev.halfopen.cli;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.net.capture.Capture;
import dev.halfopen.report.Collector;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Figures;
import dev.halfopen.report.MemoryBill;
import dev.halfopen.report.Recorder;
import dev.halfopen.report.RunResult;
import dev.halfopen.report.ThreadUse;
import dev.halfopen.scenario.Assembler;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.Sharding;
import dev.halfopen.world.World;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario's world on the calling thread and its helpers, in slices of virtual time, so that
 * progress can be shown and the user can stop it. Where a slice ends changes nothing in the run.
 */
final class Simulation {
  private static final long SECOND_NS = 1_000_000_000L;

  /** Wall-clock length that slices are aimed at. */
  private static final long SLICE_WALL_NS = 50_000_000L;

  private static final long SLICE_LEAST_NS = 1_000_000L;

  /** Rows of timeseries.csv, at most about. */
  private static final long SAMPLES = 3600;

  private final Scenario scenario;
  private final MemoryBudget budget;
  private final int threads;
  private final @Nullable Capture capture;
  private final Listings listings;
  private final Workers workers = new Workers();
  private String limit = "";
  private long wallNs;
  private long cpuNs;

  Simulation(Scenario scenario, long memoryBytes) {
    this(scenario, memoryBytes, 1, null, Listings.NONE);
  }

  /**
   * A run that has not begun.
   *
   * @param capture takes its packets; null: nobody does
   * @param listings of its sockets
   */
  Simulation(
      Scenario scenario,
      long memoryBytes,
      int threads,
      @Nullable Capture capture,
      Listings listings) {
    this.scenario = scenario;
    this.threads = threads;
    this.capture = capture;
    this.listings = listings;
    this.budget = new MemoryBudget(memoryBytes);
  }

  /** Runs to the end, to the user's interruption or to a limit. */
  RunResult run(Interruption interruption, Progress progress) {
    Recorder recorder = new Recorder(budget);
    Assembly assembly =
        Assembler.assemble(
            scenario.world(), budget, sampleNs(), recorder::sample, threads, workers, capture);
    recorder.observe(assembly);
    Ending ending = slices(assembly, interruption, progress);
    RunResult.Machine machine =
        new RunResult.Machine(
            VersionCommand.version(),
            VersionCommand.java(),
            threadUse(assembly.world()),
            wallNs,
            cpuNs,
            MemoryBill.of(budget, assembly));
    return new Collector(scenario, assembly, recorder).collect(ending, limit, machine);
  }

  private ThreadUse threadUse(World world) {
    return new ThreadUse(
        threads,
        world.windowsShared() == 0 ? 1 : world.threads(),
        world.shards(),
        Sharding.of(scenario.world()).shortNs(),
        world.windowNs(),
        world.windows(),
        world.windowsShared(),
        world.events());
  }

  /** A second, or more for a run of more than an hour. */
  private long sampleNs() {
    long seconds = scenario.world().durationNs() / SECOND_NS;
    return SECOND_NS * Math.max(1, seconds / SAMPLES);
  }

  private Ending slices(Assembly assembly, Interruption interruption, Progress progress) {
    World world = assembly.world();
    long endNs = scenario.world().durationNs();
    long sliceNs = Math.max(SLICE_LEAST_NS, endNs / 1000);
    long startWall = System.nanoTime();
    long startCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Ending ending = Ending.COMPLETE;
    try {
      for (long nowNs = 0; nowNs < endNs && ending == Ending.COMPLETE; ) {
        nowNs = Math.min(listings.nextNs(), Math.min(endNs, nowNs + sliceNs));
        long before = System.nanoTime();
        world.run(nowNs);
        listings.write(nowNs, assembly, budget);
        long after = System.nanoTime();
        sliceNs = nextSlice(sliceNs, after - before);
        progress.show(nowNs, world.events(), after - startWall);
        if (interruption.isRequested() && nowNs < endNs) {
          ending = Ending.INTERRUPTED;
        }
      }
    } catch (MemoryRefused e) {
      limit =
          "memory: "
              + e.table()
              + " need "
              + Figures.bytes(e.neededBytes())
              + " in all, "
              + Figures.bytes(e.limitBytes())
              + " allowed; raise --max-memory";
      ending = Ending.LIMIT;
    } catch (OutOfMemoryError e) {
      // What is in no table has outgrown its reserve. What has been seen up to here counts.
      limit = "memory: the heap is full with " + tables() + " in tables; raise --max-memory";
      ending = Ending.LIMIT;
    }
    cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpu;
    cpuNs += workers.cpuNs();
    wallNs = System.nanoTime() - startWall;
    return ending;
  }

  private String tables() {
    return Figures.bytes(budget.usedBytes());
  }

  private static long nextSlice(long sliceNs, long tookNs) {
    if (tookNs > 2 * SLICE_WALL_NS) {
      return Math.max(SLICE_LEAST_NS, sliceNs / 2);
    }
    return tookNs < SLICE_WALL_NS / 2 ? Math.min(SECOND_NS * 3600, sliceNs * 2) : sliceNs;
  }
}
