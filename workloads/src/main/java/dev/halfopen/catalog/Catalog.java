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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The workloads that come with halfopen: scenario files, as a user would write them. */
public final class Catalog {
  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "port-exhaustion",
              "A reverse proxy without connection reuse: when does it run out of ports, and what"
                  + " does it sustain?",
              "502 EADDRNOTAVAIL TIME_WAIT nginx haproxy ephemeral exhausted peak"
                  + " cannot assign requested address 99 tcp_tw_reuse keepalive"),
          new Entry(
              "rto-ladder",
              "The network was away for a while. How long after it is back do connections still"
                  + " hang?",
              "partition switch network outage down stall slow retransmission"
                  + " timeout tcp_retries2 recovers hung hang packet loss"),
          new Entry(
              "half-open-db",
              "Application hosts crash now and then. From which crash on does the database refuse"
                  + " connections?",
              "DB postgres crash died dead kill leak too many"
                  + " clients connections max_connections keepalive"),
          new Entry(
              "db-failover",
              "The primary lost power. How long do requests hang, which ones, and which timeout"
                  + " would have ended it?",
              "DB database postgres hikari pool app application died dead crash failover hung hang stuck"
                  + " frozen minutes ETIMEDOUT timed out dns ttl socketTimeout keepalive tcp_retries2"),
          new Entry(
              "fan-out",
              "Pages of several upstream requests, at the proxy and at the browser: how many a"
                  + " second, how slow?",
              "microservices aggregate API gateway backend" + " tail latency p99 ports TIME_WAIT"),
          new Entry(
              "reuse-matrix",
              "HTTP connection reuse on each side of a proxy: what does it save, when does it fail"
                  + " requests?",
              "keepalive keep-alive 502 idle timeout reset by peer"
                  + " ECONNRESET sporadic POST nginx load balancer tomcat"),
          new Entry(
              "syn-flood",
              "A server under forged SYNs: who still connects, with and without SYN cookies?",
              "DDoS attack syncookies backlog SYN_RECV cannot"
                  + " connect customers possible flooding"),
          new Entry(
              "accept-overflow",
              "A program that accepts too slowly: whom does it lose, and how long do the others"
                  + " wait?",
              "listen queue backlog somaxconn full overflow ListenOverflows"
                  + " slow connect times 1 s 3 s 7 s GC pause"),
          new Entry(
              "churn-1m",
              "A million TIME_WAITs at any time: what do short connections cost the simulator?",
              "memory million connections large benchmark"),
          new Entry(
              "timewait-10m",
              "Ten million TIME_WAITs in a gigabyte.",
              "memory million connections large benchmark"),
          new Entry(
              "fan-out-1m",
              "A million connections to 100 servers: how slow is a page that needs all of them?",
              "memory million connections large benchmark"),
          new Entry(
              "connections-100m",
              "A hundred million connections, both ends, in 20 GiB of memory.",
              "memory million connections large benchmark"),
          new Entry(
              "syn-flood-line-rate",
              "10 Gbit/s of SYNs, answered by cookies: do clients beside it get through?",
              "memory million connections large benchmark"));

  private static final Set<String> OF_SCALE =
      Set.of("churn-1m", "timewait-10m", "fan-out-1m", "connections-100m", "syn-flood-line-rate");

  private static final Pattern NO_WORD = Pattern.compile("[^A-Za-z0-9_]+");

  private static final Set<String> SMALL_WORDS =
      Set.of(
          "", "a", "an", "and", "at", "by", "do", "does", "for", "how", "i", "in", "is", "it", "my",
          "no", "of", "on", "our", "s", "that", "the", "to", "was", "we", "what", "when", "which",
          "who", "why", "with");

  private Catalog() {}

  /**
   * A workload.
   *
   * @param question that it answers
   * @param symptoms words in which people tell of it
   */
  public record Entry(String name, String question, String symptoms) {
    /** Whether it asks what the simulator itself can bear. */
    public boolean isOfScale() {
      return OF_SCALE.contains(name);
    }

    /** Whether a word of its name, question or symptoms begins like this. */
    boolean mentions(String word) {
      for (String known : NO_WORD.split(name + " " + question + " " + symptoms, -1)) {
        if (known.toLowerCase(Locale.ROOT).startsWith(word)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * The workloads that a question in somebody's own words is probably about, the likeliest first. A
   * word counts the more the fewer workloads mention it; what comes to less than half of the best
   * is left out.
   */
  public static List<Entry> about(List<String> words) {
    Map<Entry, Double> weights = new LinkedHashMap<>();
    for (String part : words) {
      for (String word : NO_WORD.split(part.toLowerCase(Locale.ROOT), -1)) {
        List<Entry> found = ENTRIES.stream().filter(e -> e.mentions(word)).toList();
        if (!SMALL_WORDS.contains(word)) {
          found.forEach(e -> weights.merge(e, 1.0 / found.size(), Double::sum));
        }
      }
    }
    double best = weights.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return weights.entrySet().stream()
        .filter(e -> e.getValue() >= best / 2)
        .sorted(Map.Entry.<Entry, Double>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

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
    throw new BadInputException(
        nameOrFile
            + ": no such workload"
            + hint(nameOrFile, names)
            + " (a file's name has a / or ends in .yaml)");
  }

  private static String hint(String word, List<String> names) {
    String hint = Suggest.hint(word, names);
    List<String> parts = names.stream().filter(n -> word.length() > 1 && n.contains(word)).toList();
    if (hint.isEmpty() && !parts.isEmpty()) {
      hint = "; did you mean " + String.join(" or ", parts) + "?";
    }
    return hint.isEmpty() ? "; `halfopen list` shows them, `halfopen list WORD` finds one" : hint;
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
