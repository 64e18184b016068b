package dev.halfopen.bench;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/**
 * A SYN flood at the line rate of 10 Gbit/s against a server with cookies, beside legitimate
 * clients, as a main class; the prototype's mode 2 does the flood with two events a SYN.
 *
 * <pre>
 * -Drate=14880952   SYNs per second
 * -Dclients=1000    legitimate connections per second
 * -Dsec=4           virtual seconds measured, after -Dwarm=1
 * </pre>
 */
public final class Flood {
  private static final long TEN_GBIT = 10_000_000_000L;
  private static final long ONE_WAY_NS = 1_000_000;
  private static final double SECOND_NS = 1e9;

  private Flood() {}

  public static void main(String[] args) {
    MemoryBudget budget = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, budget);
    Host clients = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 16);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(clients, server, TEN_GBIT, ONE_WAY_NS, 0);
    ChurnConfig churn = new ChurnConfig();
    churn.serverAddress = server.firstAddress();
    churn.rateCount = Long.getLong("clients", 1000);
    ChurnClient client = new ChurnClient(churn);
    SynFloodConfig config = new SynFloodConfig();
    config.victimAddress = server.firstAddress();
    config.rateCount = Long.getLong("rate", 14_880_952);
    SynFlood flood = new SynFlood(config);
    builder.application(clients, client).application(server, new ChurnServer(churn));
    builder.flood("flood", server, flood, TEN_GBIT, ONE_WAY_NS);
    World world = builder.build();

    double warm = Double.parseDouble(System.getProperty("warm", "1"));
    world.run((long) (warm * SECOND_NS));
    long sent = flood.sent() - flood.dropped();
    Measured measured = new Measured(world, budget);
    double seconds = Double.parseDouble(System.getProperty("sec", "4"));
    world.run((long) ((warm + seconds) * SECOND_NS));
    measured
        .stop()
        .print(
            "syns",
            flood.sent() - flood.dropped() - sent,
            "legitimate " + client.completed() + " failed " + (client.failed() + client.refused()));
  }
}
