package dev.halfopen.embedding;

import dev.halfopen.app.Application;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.DeadAddress;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/** A server loses power while a client waits for it: after how long does the client know? */
public final class HungWriter {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long POWER_LOSS_NS = 10 * SECOND_NS;
  private static final int PORT = 80;
  private static final int ANY_MARK = 1;

  /** An application of your own: it asks once a second and notes how its connection ends. */
  static final class Writer extends Application {
    private final int serverAddress;
    private long socket;
    long failedNs;
    int errno;

    Writer(int serverAddress) {
      this.serverAddress = serverAddress;
    }

    @Override
    public void start(long nowNs) {
      socket =
          sockets().connect(host().firstAddress(), serverAddress, PORT, SocketOptions.DEFAULT, 0);
    }

    @Override
    public void onReady(long nowNs, long ready, int handle, int bits, int mark, int reason) {
      if ((bits & Sockets.FAILED) != 0) {
        failedNs = nowNs;
        errno = reason;
      } else if ((bits & Sockets.CONNECTED) != 0) {
        onTimer(nowNs, 0, 0);
      } else if ((bits & Sockets.READABLE) != 0) {
        sockets().receive(socket);
        timerAt(nowNs + SECOND_NS, 0, 0);
      }
    }

    @Override
    public void onTimer(long nowNs, int kind, long argument) {
      sockets().send(socket, 200, ANY_MARK);
    }
  }

  private HungWriter() {}

  /** Seconds from the power loss to the error, with {@code tcp_retries2} at the client. */
  static double secondsToKnow(int retries2) {
    WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
    SysctlProfile sysctl = new SysctlProfile(KernelProfile.LINUX_6_18);
    sysctl.set(Sysctl.TCP_RETRIES2, retries2);
    Host client = builder.host("client", sysctl);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(client, server, 10_000_000_000L, 400_000, 0); // 10 Gbit/s, 0.4 ms, no queue limit
    Writer writer = new Writer(server.firstAddress());
    builder.application(client, writer);
    builder.application(server, new ChurnServer(new ChurnConfig()));
    builder.faults().powerLoss(server, POWER_LOSS_NS, DeadAddress.SILENT);

    World world = builder.build();
    world.run(3600 * SECOND_NS);

    if (writer.errno != Errno.ETIMEDOUT) {
      throw new IllegalStateException("the connection did not time out: errno " + writer.errno);
    }
    System.out.println(
        "tcp_retries2="
            + retries2
            + ": "
            + Errno.name(writer.errno)
            + " after "
            + (writer.failedNs - POWER_LOSS_NS) / SECOND_NS
            + " s, "
            + world.tcp(client).counter(Mib.RETRANS_SEGS)
            + " retransmissions, digest "
            + Long.toHexString(world.digest()));
    return (double) (writer.failedNs - POWER_LOSS_NS) / SECOND_NS;
  }

  /** Prints both. */
  public static void main(String[] args) {
    secondsToKnow(15);
    secondsToKnow(8);
  }
}
