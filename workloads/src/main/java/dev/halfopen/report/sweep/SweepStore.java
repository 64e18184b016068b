package dev.halfopen.report.sweep;

import dev.halfopen.scenario.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * results.csv of a sweep while it grows: a row is on the disk before the next run of its thread
 * begins. A row without its line end was cut off by a crash and does not count.
 */
public final class SweepStore implements AutoCloseable {
  static final String RESULTS = "results.csv";

  /** Histograms of every run, so that merging seeds loses nothing. */
  static final String HISTOGRAMS = "histograms.csv";

  private static final String PLAN = "sweep.txt";
  private static final int FIXED_COLUMNS_BEHIND = 5;

  private final SweepPlan plan;
  private final List<Point> points;
  private final Map<Integer, Map<Long, RunRow>> rows = new TreeMap<>();
  private final FileChannel results;
  private final FileChannel histograms;

  private SweepStore(SweepPlan plan, FileChannel results, FileChannel histograms) {
    this.plan = plan;
    this.points = plan.grid().points();
    this.results = results;
    this.histograms = histograms;
  }

  /**
   * Starts the files anew with the rows of earlier directories: those of a sweep that was
   * interrupted, or of the parts of one.
   *
   * @throws BadInputException if one of them holds another sweep
   */
  public static SweepStore open(SweepPlan plan, Path directory, List<Path> earlier)
      throws IOException, BadInputException {
    Map<Integer, Map<Long, RunRow>> known = new TreeMap<>();
    for (Path from : earlier) {
      read(plan, from, known);
    }
    Path partial = directory.resolve(RESULTS + ".tmp");
    Path partialHistograms = directory.resolve(HISTOGRAMS + ".tmp");
    write(partial, resultsText(plan, known));
    write(partialHistograms, histogramsText(known));
    write(directory.resolve(PLAN), plan.identity());
    move(partialHistograms, directory.resolve(HISTOGRAMS));
    move(partial, directory.resolve(RESULTS));
    SweepStore store =
        new SweepStore(
            plan,
            FileChannel.open(directory.resolve(RESULTS), StandardOpenOption.APPEND),
            FileChannel.open(directory.resolve(HISTOGRAMS), StandardOpenOption.APPEND));
    store.rows.putAll(known);
    return store;
  }

  /** Whether the directory holds a sweep that can be continued. */
  public static boolean isThere(Path directory) {
    return Files.exists(directory.resolve(PLAN)) && Files.exists(directory.resolve(RESULTS));
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      append(channel, text);
    }
  }

  private static void append(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
  }

  /** Whether this run's row is there already. */
  public synchronized boolean has(Point point, long seed) {
    Map<Long, RunRow> seeds = rows.get(point.index());
    return seeds != null && seeds.containsKey(seed);
  }

  /** Adds a row; when this returns it is on the disk. */
  public synchronized void add(RunRow row) throws IOException {
    append(histograms, histogramLines(row));
    append(results, Csv.line(plan.cells(row, points.get(row.point()))));
    rows.computeIfAbsent(row.point(), p -> new TreeMap<>()).put(row.seed(), row);
  }

  /** The rows of a point by seed. */
  public synchronized List<RunRow> rows(Point point) {
    return List.copyOf(rows.getOrDefault(point.index(), Map.of()).values());
  }

  /** Rows in all. */
  public synchronized int size() {
    return rows.values().stream().mapToInt(Map::size).sum();
  }

  /** results.csv and histograms.csv in the order of points and seeds. */
  public synchronized Map<String, byte[]> sorted() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(HISTOGRAMS, histogramsText(rows).getBytes(StandardCharsets.UTF_8));
    files.put(RESULTS, resultsText(plan, rows).getBytes(StandardCharsets.UTF_8));
    return files;
  }

  @Override
  public void close() throws IOException {
    try (results) {
      histograms.close();
    }
  }

  // ---- text

  private static String resultsText(SweepPlan plan, Map<Integer, Map<Long, RunRow>> rows) {
    List<Point> points = plan.grid().points();
    StringBuilder out = new StringBuilder(Csv.line(plan.columns()));
    rows.forEach(
        (p, seeds) ->
            seeds.values().forEach(r -> out.append(Csv.line(plan.cells(r, points.get(p))))));
    return out.toString();
  }

  private static String histogramsText(Map<Integer, Map<Long, RunRow>> rows) {
    StringBuilder out = new StringBuilder();
    rows.values().forEach(seeds -> seeds.values().forEach(r -> out.append(histogramLines(r))));
    return out.toString();
  }

  private static String histogramLines(RunRow row) {
    StringBuilder out = new StringBuilder();
    row.histograms()
        .forEach(
            (metric, base64) ->
                out.append(
                    Csv.line(
                        List.of(
                            Integer.toString(row.point()),
                            Long.toString(row.seed()),
                            metric,
                            base64))));
    return out.toString();
  }

  // ---- reading

  private static void read(SweepPlan plan, Path directory, Map<Integer, Map<Long, RunRow>> into)
      throws IOException, BadInputException {
    if (!isThere(directory)) {
      throw new BadInputException(directory + ": holds no sweep");
    }
    if (!Files.readString(directory.resolve(PLAN)).equals(plan.identity())) {
      throw new BadInputException(
          directory + ": holds another sweep: scenario, values or seeds differ");
    }
    Map<String, Map<String, String>> histograms = new LinkedHashMap<>();
    for (String line : wholeLines(directory.resolve(HISTOGRAMS))) {
      List<String> cells = Csv.cells(line);
      histograms
          .computeIfAbsent(cells.get(0) + "/" + cells.get(1), k -> new LinkedHashMap<>())
          .put(cells.get(2), cells.get(3));
    }
    List<String> lines = wholeLines(directory.resolve(RESULTS));
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      RunRow row = row(plan, Csv.cells(line), histograms);
      into.computeIfAbsent(row.point(), p -> new TreeMap<>()).put(row.seed(), row);
    }
  }

  private static RunRow row(
      SweepPlan plan, List<String> cells, Map<String, Map<String, String>> histograms) {
    int values = 2 + plan.grid().keys().size();
    int behind = cells.size() - FIXED_COLUMNS_BEHIND;
    int point = Integer.parseInt(cells.get(0));
    long seed = Long.parseLong(cells.get(values - 1));
    return new RunRow(
        point,
        seed,
        cells.get(behind),
        cells.get(behind + 1),
        cells.get(behind + 2),
        cells.get(behind + 3),
        cells.subList(values, behind),
        cells.get(behind + 4),
        histograms.getOrDefault(point + "/" + seed, Map.of()));
  }

  private static List<String> wholeLines(Path file) throws IOException {
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return new ArrayList<>(whole.lines().toList());
  }
}
