package dev.halfopen.scenario;

import dev.halfopen.app.Distribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Times or sizes that somebody has measured: one a line, with a unit or under a header that names
 * it, and behind a comma how often it occurred.
 */
public final class SampleFile {
  static final String KEY = "file";

  /** A file of a hundred megabytes is no table of samples. */
  private static final int BYTES_MAX = 64 << 20;

  private static final int HASH_DIGITS = 16;

  private final String name;
  private final byte[] bytes;
  private final String hash;
  private final long[] values;
  private final long[] counts;
  private final long all;

  private SampleFile(String name, byte[] bytes, Map<Long, Long> occurring) {
    this.name = name;
    this.bytes = bytes;
    this.hash = sha256(bytes);
    this.values = new long[occurring.size()];
    this.counts = new long[occurring.size()];
    int i = 0;
    long sum = 0;
    for (Map.Entry<Long, Long> e : occurring.entrySet()) {
      values[i] = e.getKey();
      counts[i++] = e.getValue();
      sum += e.getValue();
    }
    this.all = sum;
  }

  /**
   * Reads the file that {@code {file: NAME}} names, relative to the scenario's folder; what is
   * wrong is noted at the scenario's place, or with the line of the file.
   *
   * @param range of the values, as the scenario would write it
   */
  static Optional<SampleFile> read(MapReader map, ValueKind kind, String range) {
    String name = map.text(KEY);
    Path file = map.context().directory().resolve(name);
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length > BYTES_MAX) {
        map.problem(KEY, name + " has more than 64 MiB; draw a sample of it");
        return Optional.empty();
      }
      SampleLines lines = new SampleLines(kind, Range.parse(kind, range));
      Optional<String> problem = lines.readAll(text(bytes));
      if (problem.isPresent()) {
        map.context()
            .problems()
            .add(new Mark(file.toString(), lines.number(), 1), "", problem.get());
        return Optional.empty();
      }
      SampleFile samples = new SampleFile(name, bytes, lines.occurring());
      map.context().samples(map.path(KEY), map.markOf(KEY), samples);
      return Optional.of(samples);
    } catch (IOException e) {
      map.problem(KEY, FileProblem.unreadable(file, e));
      return Optional.empty();
    }
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }

  private static String sha256(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** As the scenario names it. */
  public String name() {
    return name;
  }

  /** The first 16 hex digits of the SHA-256 of what it holds. */
  public String hash() {
    return hash;
  }

  /** How a run's folder names its copy. */
  public String copyName() {
    return "samples-" + hash + ".csv";
  }

  /** All that it holds. */
  public byte[] content() {
    return bytes.clone();
  }

  /** "t.csv, 1200 values, sha256 0123456789abcdef". */
  public String summary() {
    return name + ", " + all + (all == 1 ? " value" : " values") + ", sha256 " + hash;
  }

  Distribution distribution() {
    return Distribution.empirical(values, counts);
  }

  /** The value that so many of a thousand do not exceed. */
  long quantile(int perThousand) {
    long rank = (long) StrictMath.ceil(all / 1000.0 * perThousand);
    long seen = 0;
    for (int i = 0; i < values.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return values[i];
      }
    }
    return values[values.length - 1];
  }
}
