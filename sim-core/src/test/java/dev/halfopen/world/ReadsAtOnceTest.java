package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.Application;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.SysctlProfile;
import org.junit.jupiter.api.Test;

/** What the stack reads for an application is read as the application would have read it. */
final class ReadsAtOnceTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;
  private static final int PORT = 80;
  private static final int MESSAGE_BYTES = 300_000;

  private final Reader there = new Reader(true);
  private final Reader itself = new Reader(false);

  @Test
  void packetsAreTheSameWhoeverReads() {
    World by = run(there, 0);
    World alone = run(itself, 0);
    assertThat(by.packetsDropped()).isPositive();
    assertThat(by.digest()).isEqualTo(alone.digest());
    assertThat(by.packetsSent()).isEqualTo(alone.packetsSent());
    assertThat(there.messages).isEqualTo(itself.messages).isPositive();
    assertThat(there.calls).isLessThan(itself.calls / 10);
  }

  @Test
  void anApplicationThatMayHangIsSeenToRead() {
    World by = run(there, 2 * S);
    World alone = run(itself, 2 * S);
    assertThat(by.digest()).isEqualTo(alone.digest());
    assertThat(there.calls).isEqualTo(itself.calls);
  }

  /** Ten messages over a link that loses some of their segments; from an instant on, a hang. */
  private static World run(Reader reader, long hangNs) {
    WorldBuilder b = new WorldBuilder(3, MemoryBudget.unlimited());
    Host client = b.host("client", new SysctlProfile(KernelProfile.LINUX_6_18));
    Host server = b.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    b.link(client, server, 50_000_000L, MS, 30_000);
    if (hangNs > 0) {
      b.faults().hang(client, hangNs, 3 * S);
    }
    reader.server = server.firstAddress();
    World w = b.application(client, reader).application(server, new Writer()).build();
    w.run(60 * S);
    return w;
  }

  /** Connects, and reads what comes. */
  private static final class Reader extends Application {
    private final boolean atOnce;
    private int server;
    private int calls;
    private int messages;

    Reader(boolean atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    public void start(long nowNs) {
      sockets().connect(host().firstAddress(), server, PORT, SocketOptions.DEFAULT, 1);
    }

    @Override
    public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
      calls++;
      if ((bits & Sockets.READABLE) != 0) {
        sockets().receive(socket);
      }
      if ((bits & Sockets.MESSAGE) != 0) {
        messages++;
      }
      if ((bits & Sockets.END_OF_STREAM) != 0) {
        sockets().close(socket);
      }
    }

    @Override
    public void onTimer(long nowNs, int kind, long argument) {}

    @Override
    public boolean readsAtOnce() {
      return atOnce;
    }
  }

  /** Sends ten messages to whoever connects, and closes. */
  private static final class Writer extends Application {
    @Override
    public void start(long nowNs) {
      sockets().listen(PORT, 10, SocketOptions.DEFAULT, 0);
    }

    @Override
    public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
      if ((bits & Sockets.ACCEPTABLE) != 0) {
        long accepted = sockets().accept((int) socket, 2);
        for (int i = 1; i <= 10; i++) {
          sockets().send(accepted, MESSAGE_BYTES, i);
        }
        sockets().shutdownWrite(accepted);
      }
    }

    @Override
    public void onTimer(long nowNs, int kind, long argument) {}
  }
}
