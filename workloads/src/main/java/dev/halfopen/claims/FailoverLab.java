package dev.halfopen.claims;

import dev.halfopen.app.AppServer;
import dev.halfopen.app.AppServerConfig;
import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.DataSource;
import dev.halfopen.app.Database;
import dev.halfopen.app.DatabaseConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.DnsServer;
import dev.halfopen.app.DnsServerConfig;
import dev.halfopen.app.LoadStats;
import dev.halfopen.app.PoolConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.Faults;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/** An application with a connection pool and two databases behind one name. */
final class FailoverLab {
  private static final long MS = Say.MS_NS;
  private static final long HALF_RTT_NS = 100_000;
  private static final int POOL = 20;
  private static final int REQUESTS_PER_SECOND = 20;

  private final WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
  private final Host users = builder.farm("users", kernel(), 100);
  private final Host app = builder.host("app", kernel());
  private final Host resolver = builder.host("resolver", kernel());
  final Host first = builder.host("db-1", kernel());
  final Host second = builder.host("db-2", kernel());
  final PoolConfig pool = new PoolConfig();
  final DnsServerConfig names = new DnsServerConfig();
  final ClientFarmConfig load = new ClientFarmConfig();

  private final ClientFarm farm = new ClientFarm(load);
  private final DatabaseConfig database = new DatabaseConfig();
  final Database secondDatabase = new Database(database);

  private final int name;
  private World world;

  /**
   * Where the name's record may be kept for {@code ttlS}.
   *
   * @param known whether the name has an address at first
   */
  @SuppressWarnings("NullAway") // run() builds the world
  FailoverLab(double ttlS, boolean known) {
    builder.link(users, app, 0, HALF_RTT_NS, 0).link(app, resolver, 0, HALF_RTT_NS, 0);
    builder.link(app, first, 0, HALF_RTT_NS, 0).link(app, second, 0, HALF_RTT_NS, 0);
    name = names.name(known ? first.firstAddress() : 0, (long) (ttlS * Say.SECOND_NS));
    pool.resolverAddress = resolver.firstAddress();
    pool.name = name;
    pool.maximumPoolSize = POOL;
    database.queryTime = Distribution.constant(4 * MS);
    load.serverAddress = app.firstAddress();
    load.rateCount = REQUESTS_PER_SECOND;
    load.timeoutNs = 0;
    load.postsPerThousand = 1000;
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  Faults faults() {
    return builder.faults();
  }

  /** From then on the name has the second database's address. */
  FailoverLab repoint(double atS) {
    faults()
        .tell(
            resolver,
            (long) (atS * Say.SECOND_NS),
            DnsServer.SET_NAME,
            DnsServer.change(name, second.firstAddress()));
    return this;
  }

  void run(double untilS) {
    if (world == null) {
      AppServerConfig server = new AppServerConfig();
      server.query(0, 1, true).pools.add(new DataSource(pool));
      builder
          .application(users, farm)
          .application(app, new AppServer(server))
          .application(resolver, new DnsServer(names))
          .application(first, new Database(database))
          .application(second, secondDatabase);
      world = builder.build();
    }
    world.run((long) (untilS * Say.SECOND_NS));
  }

  /** Runs in steps of 10 ms until the second database has answered a query; when that was, s. */
  double firstAnswerOfSecondS(double limitS) {
    for (double s = 0; s < limitS; s += 0.01) {
      run(s);
      if (secondDatabase.queries() > 0) {
        return s;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  int closeWait() {
    return world.tcp(app).gauges().value(SocketGauges.CLOSE_WAIT);
  }

  LoadStats stats() {
    farm.finish(world.nowNs());
    return farm.stats();
  }
}
