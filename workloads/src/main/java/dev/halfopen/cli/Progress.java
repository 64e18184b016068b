package dev.halfopen.cli;

import dev.halfopen.report.Figures;
import dev.halfopen.scenario.WorldSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The bar on a terminal: simulated time, events per second, time left. Elsewhere nothing. */
final class Progress implements AutoCloseable {
  private static final long MS_NS = 1_000_000L;
  private static final int UPDATE_MS = 200;
  private static final int WIDTH = 100;

  private final Optional<ProgressBar> bar;

  private Progress(Optional<ProgressBar> bar) {
    this.bar = bar;
  }

  /** A bar, if standard error is a terminal and the user wants one. */
  static Progress of(PrintStream err, boolean silent, WorldSpec world) {
    if (silent || !isTerminal()) {
      return new Progress(Optional.empty());
    }
    return new Progress(
        Optional.of(
            new ProgressBarBuilder()
                .setTaskName(world.name())
                .setInitialMax(world.durationNs() / MS_NS)
                .setUnit(" s", 1000)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MS)
                .setMaxRenderedLength(WIDTH)
                .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                .build()));
  }

  /** Whether standard error is a terminal, on Linux; System.console() knows the other two only. */
  static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Shows how far the run is. */
  void show(long simulatedNs, long events, long wallNs) {
    if (bar.isPresent()) {
      double perSecond = wallNs == 0 ? 0 : events / Figures.seconds(wallNs);
      bar.get().stepTo(simulatedNs / MS_NS);
      bar.get().setExtraMessage(Figures.rate(perSecond / 1e6) + "M events/s");
    }
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
