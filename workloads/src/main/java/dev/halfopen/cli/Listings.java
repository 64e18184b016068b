package dev.halfopen.cli;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.report.Figures;
import dev.halfopen.report.RunDirectory;
import dev.halfopen.report.SsText;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Quantity;
import dev.halfopen.scenario.ValueKind;
import dev.halfopen.scenario.WorldSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When all sockets are to be listed, and where: {@code --ss-at}. */
final class Listings {
  /** No listing at all. */
  static final Listings NONE = new Listings(List.of());

  /**
   * A listing.
   *
   * @param file ss-30s.txt
   */
  private record Listing(long atNs, String file) {}

  private final List<Listing> left;
  private @Nullable RunDirectory directory;

  private Listings(List<Listing> all) {
    left = new ArrayList<>(all);
    left.sort(Comparator.comparingLong(Listing::atNs).thenComparing(Listing::file));
  }

  /** Reads the instants as they were given. */
  static Listings at(List<String> times, WorldSpec world) throws BadInputException {
    List<Listing> all = new ArrayList<>();
    for (String time : times) {
      try {
        long ns = Quantity.parse(ValueKind.DURATION, time.trim()).asLong();
        if (ns < 1 || ns > world.durationNs()) {
          throw new IllegalArgumentException(
              "is not within the run of "
                  + Figures.rate(Figures.seconds(world.durationNs()))
                  + " s");
        }
        Listing listing = new Listing(ns, "ss-" + time.replaceAll("\\s", "") + ".txt");
        if (!all.contains(listing)) {
          all.add(listing);
        }
      } catch (IllegalArgumentException e) {
        throw new BadInputException("--ss-at " + time + ": " + e.getMessage());
      }
    }
    return new Listings(all);
  }

  void to(RunDirectory where) {
    directory = where;
  }

  /** The run must stop here; Long.MAX_VALUE where nothing is left to list. */
  long nextNs() {
    return left.isEmpty() ? Long.MAX_VALUE : left.get(0).atNs();
  }

  /**
   * Lists if it is time.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  void write(long nowNs, Assembly assembly, MemoryBudget budget) {
    while (nextNs() <= nowNs && directory != null) {
      Listing listing = left.remove(0);
      List<Host> hosts =
          assembly.spec().hosts().stream().map(h -> assembly.host(h.name())).toList();
      try {
        SsText.write(assembly.world(), hosts, budget, directory.begin(listing.file()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
