package dev.halfopen.bench;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/**
 * Connections opened at a constant rate, ten packets each, closed by the client, which then keeps a
 * TIME_WAIT for a minute: the workload that the prototype and ns-3 are measured with, too.
 */
public final class ChurnWorld {
  /** Mean one-way delay of the prototype's paths (2 to 18.8 ms). */
  private static final long ONE_WAY_NS = 10_400_000;

  private static final long LINK_BITS_PER_SECOND = 100_000_000_000L;
  private static final long SECOND_NS = 1_000_000_000L;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final ChurnClient client;
  private final World world;
  private final Host clients;

  /**
   * A world at time 0.
   *
   * @param connectionsPerSecond the rate; TIME_WAITs are 60 to 62 times as many after a minute
   * @param addresses client machines, each with its own ports
   */
  public ChurnWorld(long connectionsPerSecond, int addresses) {
    WorldBuilder builder = new WorldBuilder(1, budget);
    clients = builder.farm("clients", kernel(), addresses);
    Host server = builder.host("server", kernel());
    builder.link(clients, server, LINK_BITS_PER_SECOND, ONE_WAY_NS, 0);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    config.rateCount = connectionsPerSecond;
    client = new ChurnClient(config);
    builder.application(clients, client).application(server, new ChurnServer(config));
    world = builder.build();
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  /** Runs on until that many seconds of virtual time. */
  public void run(double untilSeconds) {
    world.run((long) (untilSeconds * SECOND_NS));
  }

  public World world() {
    return world;
  }

  /** Connections that got their response. */
  public long completed() {
    return client.completed();
  }

  /** Connections that did not. */
  public long failed() {
    return client.failed() + client.refused();
  }

  public int timeWaits() {
    return world.stack().timeWaits();
  }

  /** All that tables have allocated so far, arrays included that were replaced since. */
  public long grantedBytes() {
    return budget.grantedBytes();
  }

  /** Bytes of all tables. */
  public long tableBytes() {
    return budget.usedBytes();
  }
}
