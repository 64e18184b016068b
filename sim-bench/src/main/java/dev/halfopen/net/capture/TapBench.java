package dev.halfopen.net.capture;

import dev.halfopen.bench.Settings;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.MessageHandler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a captured packet costs the loop: the copy into the ring, and here, as nobody else empties
 * it, its removal. {@link #write} is what the writer's thread does with it but for the file.
 */
public class TapBench extends Settings {
  private static final int PACKETS = 1000;
  private static final MessageHandler NOTHING = (type, buffer, index, length) -> {};

  private final Host host = new Host(0, "host", 10 << 24 | 1, 1, 1000, 1);
  private final Segment segment = new Segment();
  private final PacketBytes bytes = new PacketBytes();
  private final long[] record = new long[Tap.WORDS];
  private Path file;
  private Capture capture;
  private Tap tap;
  private long nowNs;

  @Setup(Level.Trial)
  public void open() throws IOException {
    file = Files.createTempFile("tap", ".pcapng");
    capture = new Capture(new CaptureConfig(file));
    tap = new Tap(capture);
    segment.source = host.firstAddress();
    segment.destination = host.firstAddress() + 1;
    segment.ports = 40_000 << 16 | 80;
    segment.flags = Segment.ACK | Segment.PSH;
    segment.options = Segment.OPT_TIMESTAMP;
    segment.length = 1000;
    segment.write(record, Tap.WHAT);
    record[Tap.WHAT] = Tap.OUT;
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    capture.close();
    Files.delete(file);
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int copy() {
    for (int i = 0; i < PACKETS; i++) {
      tap.sent(nowNs++, host, segment);
    }
    return tap.ring().read(NOTHING);
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int write() {
    int length = 0;
    for (int i = 0; i < PACKETS; i++) {
      record[2] += i & 1;
      bytes.make(record, 0);
      length += bytes.length();
    }
    return length;
  }
}
