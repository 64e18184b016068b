package dev.halfopen.catalog;

import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.ScenarioSource;
import dev.halfopen.scenario.Suggest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The workloads that come with halfopen: scenario files, as a user would write them. */
public final class Catalog {
  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "port-exhaustion",
              "A reverse proxy without connection reuse: when does it run out of ports, and what"
                  + " does it sustain?"),
          new Entry(
              "rto-ladder",
              "The network was away for a while. How long after it is back do connections still"
                  + " hang?"),
          new Entry(
              "half-open-db",
              "Application hosts crash now and then. From which crash on does the database refuse"
                  + " connections?"),
          new Entry(
              "db-failover",
              "The primary lost power. How long do requests hang, which ones, and which timeout"
                  + " would have ended it?"),
          new Entry(
              "db-failover-variants",
              "A database goes away. Who hangs, for how long, and what does each setting change?"),
          new Entry(
              "fan-out",
              "Pages of several upstream requests, at the proxy and at the browser: how many a"
                  + " second, how slow?"),
          new Entry(
              "reuse-matrix",
              "HTTP connection reuse on each side of a proxy: what does it save, when does it fail"
                  + " requests?"),
          new Entry(
              "syn-flood",
              "A server under forged SYNs: who still connects, with and without SYN cookies?"),
          new Entry(
              "accept-overflow",
              "A program that accepts too slowly: whom does it lose, and how long do the others"
                  + " wait?"),
          new Entry(
              "churn-1m",
              "A million TIME_WAITs at any time: what do short connections cost the simulator?"),
          new Entry("timewait-10m", "Ten million TIME_WAITs in a gigabyte."),
          new Entry(
              "fan-out-1m",
              "A million connections to 100 servers: how slow is a page that needs all of them?"),
          new Entry(
              "connections-100m", "A hundred million connections, both ends, in 20 GiB of memory."),
          new Entry(
              "syn-flood-line-rate",
              "10 Gbit/s of SYNs, answered by cookies: do clients beside it get through?"));

  private Catalog() {}

  /** A workload's name and the question that it answers. */
  public record Entry(String name, String question) {}

  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** A scenario by name, or from a file if the name has a "/" or ends in ".yaml". */
  public static ScenarioSource open(String nameOrFile) throws BadInputException {
    if (isFile(nameOrFile)) {
      return ScenarioSource.ofFile(Path.of(nameOrFile));
    }
    List<String> names = new ArrayList<>();
    for (Entry entry : ENTRIES) {
      names.add(entry.name());
      if (entry.name().equals(nameOrFile)) {
        return resource(entry.name());
      }
    }
    String hint = Suggest.hint(nameOrFile, names);
    throw new BadInputException(
        nameOrFile
            + ": no such workload"
            + (hint.isEmpty() ? "; known: " + String.join(", ", names) : hint)
            + " (a file's name has a / or ends in .yaml)");
  }

  /** A commented scenario to start from. */
  public static String template() {
    return resource("init").text();
  }

  private static boolean isFile(String name) {
    return name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static ScenarioSource resource(String name) {
    String file = name + ".yaml";
    try (InputStream in = Catalog.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the catalog lacks " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new ScenarioSource(name, file, Path.of(""), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
