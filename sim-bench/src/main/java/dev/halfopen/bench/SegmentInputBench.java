package dev.halfopen.bench;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.SocketOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A segment of 1000 bytes arrives in order at an established connection, the application reads it,
 * and an ACK leaves for every other one. The connections take turns.
 */
public class SegmentInputBench extends Settings {
  private static final int SEGMENTS = 1000;
  private static final int LENGTH = 1000;

  @Param({"1", "20000"})
  int connections;

  private final Segment segment = new Segment();
  private final long[] words = new long[EventQueue.WORDS];
  private StackPair pair;
  private long[] sockets;
  private int[] ports;
  private int[] seq;
  private int[] ack;
  private int[] timestamp;
  private int[] echo;
  private int next;

  @Setup
  public void connect() {
    pair = new StackPair(28_232);
    pair.tick();
    int listener = pair.server().listen(StackPair.PORT, 4096, SocketOptions.DEFAULT, 0);
    sockets = new long[connections];
    ports = new int[connections];
    seq = new int[connections];
    ack = new int[connections];
    timestamp = new int[connections];
    echo = new int[connections];
    for (int i = 0; i < connections; i++) {
      open(i, listener);
    }
    pair.lossy(true);
  }

  /** Opens a connection and remembers the header of its first data segment, taken off the wire. */
  private void open(int i, int listener) {
    pair.tick();
    long socket =
        pair.client()
            .connect(StackPair.CLIENT, StackPair.SERVER, StackPair.PORT, SocketOptions.DEFAULT, i);
    pair.deliver();
    sockets[i] = pair.server().accept(listener, i);
    pair.client().send(socket, LENGTH, 0);
    pair.peekLast(segment);
    pair.deliver();
    pair.server().receive(sockets[i]);
    pair.deliver();
    ports[i] = segment.ports;
    seq[i] = segment.seq + LENGTH;
    ack[i] = segment.ack;
    timestamp[i] = segment.tsValue;
    echo[i] = segment.tsEcho;
  }

  @Benchmark
  @OperationsPerInvocation(SEGMENTS)
  public long segments() {
    for (int k = 0; k < SEGMENTS; k++) {
      int i = next;
      next = next + 1 == connections ? 0 : next + 1;
      segment.ports = ports[i];
      segment.seq = seq[i];
      segment.ack = ack[i];
      segment.tsValue = timestamp[i];
      segment.tsEcho = echo[i];
      seq[i] += LENGTH;
      segment.write(words, 0);
      pair.arriveAtServer(words);
      if (pair.server().receive(sockets[i]) != LENGTH) {
        throw new IllegalStateException("segment was not taken");
      }
    }
    return pair.effects();
  }
}
