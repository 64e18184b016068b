package dev.halfopen.bench;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** A SYN from a new address each time, answered with a SYN cookie; the SYN-ACK is dropped. */
public class SynCookieBench extends Settings {
  private static final int SYNS = 1000;
  private static final int FIRST_SOURCE = 2 << 30;
  private static final int SOURCE_PORT = 1024;
  private static final int ALWAYS = 2;

  private final Segment syn = new Segment();
  private final long[] words = new long[EventQueue.WORDS];
  private StackPair pair;
  private int source = FIRST_SOURCE;

  @Setup
  public void listen() {
    SysctlProfile kernel = new SysctlProfile(KernelProfile.LINUX_6_18);
    kernel.set(Sysctl.TCP_SYNCOOKIES, ALWAYS);
    pair = new StackPair(1, kernel);
    pair.lossy(true);
    pair.tick();
    pair.server().listen(StackPair.PORT, 4096, SocketOptions.DEFAULT, 0);
    syn.destination = StackPair.SERVER;
    syn.ports = SOURCE_PORT << 16 | StackPair.PORT;
    syn.flags = Segment.SYN;
    syn.window = 512;
  }

  @Benchmark
  @OperationsPerInvocation(SYNS)
  public long syns() {
    long before = pair.effects();
    for (int i = 0; i < SYNS; i++) {
      syn.source = source++;
      syn.seq += SYNS;
      syn.write(words, 0);
      pair.arriveAtServer(words);
    }
    if (pair.effects() - before != SYNS) {
      throw new IllegalStateException("a SYN was not answered");
    }
    return pair.effects();
  }
}
