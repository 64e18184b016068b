package dev.halfopen.bench;

import dev.halfopen.app.Application;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/**
 * Many connections alive at once, with requests on random ones of them at a constant rate: the
 * workload of the prototype's mode 4.
 */
final class LiveWorld {
  /** Mean one-way delay of the prototype's paths (2 to 18.8 ms). */
  private static final long ONE_WAY_NS = 10_400_000;

  private static final long LINK_BITS_PER_SECOND = 100_000_000_000L;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int PER_MACHINE = 20_000;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final Client client;
  private final World world;

  /**
   * A world at time 0.
   *
   * @param connections to open, {@code opensPerSecond}, before the first request
   * @param requestsPerSecond then, until the end
   */
  LiveWorld(int connections, long opensPerSecond, long requestsPerSecond) {
    WorldBuilder builder = new WorldBuilder(1, budget);
    SysctlProfile kernel = new SysctlProfile(KernelProfile.LINUX_6_18);
    int machines = (connections + PER_MACHINE - 1) / PER_MACHINE;
    Host clients = builder.farm("clients", kernel, Math.max(2, machines));
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(clients, server, LINK_BITS_PER_SECOND, ONE_WAY_NS, 0);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    client = new Client(config, connections, opensPerSecond, requestsPerSecond);
    builder.application(clients, client).application(server, new ChurnServer(config));
    world = builder.build();
  }

  /** When the last connection is open and quiet again. */
  double readySeconds() {
    return (double) client.sockets.length / client.opensPerSecond + 2;
  }

  void run(double untilSeconds) {
    world.run((long) (untilSeconds * SECOND_NS));
  }

  World world() {
    return world;
  }

  /** Requests that got their response. */
  long completed() {
    return client.completed;
  }

  /** Requests that fell on a connection whose last one was still in service. */
  long skipped() {
    return client.skipped;
  }

  long failed() {
    return client.failed;
  }

  MemoryBudget budget() {
    return budget;
  }

  private static final class Client extends Application {
    private static final long STREAM = RandomStreams.stream(1, 0, 77);
    private static final int OPEN = 1;
    private static final int REQUEST = 2;
    private static final int MARK = 1;

    private final ChurnConfig config;

    private final long[] sockets;

    /** A bit for each connection that a request is in service on. */
    private final long[] busy;

    private final long opensPerSecond;
    private final long requestsPerSecond;
    private int opened;
    private long requests;
    private long completed;
    private long skipped;
    private long failed;

    /** How many requests have been said to come. */
    private long foreseen;

    private long firstNs;

    Client(ChurnConfig config, int connections, long opensPerSecond, long requestsPerSecond) {
      this.config = config;
      this.sockets = new long[connections];
      this.busy = new long[(connections >>> 6) + 1];
      this.opensPerSecond = opensPerSecond;
      this.requestsPerSecond = requestsPerSecond;
    }

    @Override
    public void start(long nowNs) {
      timerAt(1, OPEN, 0);
      firstNs = (sockets.length / opensPerSecond + 2) * SECOND_NS;
      timerAt(firstNs, REQUEST, 0);
    }

    @Override
    public void onTimer(long nowNs, int kind, long argument) {
      if (kind == OPEN) {
        open();
        if (opened < sockets.length) {
          timerAt(Math.max(nowNs + 1, opened * SECOND_NS / opensPerSecond), OPEN, 0);
        }
        return;
      }
      int i = pick(requests);
      if ((busy[i >>> 6] & 1L << i) != 0) {
        skipped++;
      } else {
        busy[i >>> 6] |= 1L << i;
        sockets().send(sockets[i], config.requestBytes, MARK);
      }
      requests++;
      timerAt(dueNs(requests), REQUEST, 0);
    }

    private long dueNs(long request) {
      return firstNs + request * SECOND_NS / requestsPerSecond;
    }

    /** The connection of a request. */
    private int pick(long request) {
      return RandomStreams.below(RandomStreams.bits(STREAM, request), sockets.length);
    }

    @Override
    public boolean foresees() {
      return true;
    }

    @Override
    public void foresee(long untilNs) {
      long end = (untilNs - firstNs) * requestsPerSecond / SECOND_NS;
      for (foreseen = Math.max(foreseen, requests); foreseen <= end; foreseen++) {
        sockets().soon(sockets[pick(foreseen)]);
      }
    }

    private void open() {
      int address = host().firstAddress() + opened % host().addressCount();
      long socket =
          sockets()
              .connect(
                  address, config.serverAddress, config.serverPort, SocketOptions.DEFAULT, opened);
      if (socket < 0) {
        failed++;
      }
      sockets[opened++] = socket;
    }

    @Override
    public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
      if ((bits & (Sockets.FAILED | Sockets.END_OF_STREAM)) != 0) {
        failed++;
        return;
      }
      if ((bits & Sockets.READABLE) != 0) {
        sockets().receive(socket);
      }
      if ((bits & Sockets.MESSAGE) != 0) {
        completed++;
        busy[handle >>> 6] &= ~(1L << handle);
      }
    }
  }
}
