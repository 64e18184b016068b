package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.DeadAddress;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.Faults;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/**
 * Users, an application server with a pool of 20, a database with a standby, and a resolver that
 * knows the database's name; what a test changes, it changes first.
 */
final class DatabaseScene {
  static final long MS = Scene.MS;
  static final long S = Scene.S;
  private static final long TEN_GBIT = 10_000_000_000L;

  final MemoryBudget memory = MemoryBudget.unlimited();
  final WorldBuilder builder = new WorldBuilder(1, memory);
  final SysctlProfile apiSysctl = kernel();
  final Host users = builder.farm("users", kernel(), 2000);
  final Host api = builder.host("api", apiSysctl);
  final Host resolver = builder.host("resolver", kernel());
  final Host primary = builder.host("db-1", kernel());
  final Host standby = builder.host("db-2", kernel());
  final ClientFarmConfig load = new ClientFarmConfig();
  final AppServerConfig server = new AppServerConfig();
  final PoolConfig pool = new PoolConfig();
  final DatabaseConfig database = new DatabaseConfig();
  final DatabaseConfig second = new DatabaseConfig();
  final DnsServerConfig names = new DnsServerConfig();
  final ClientFarm farm = new ClientFarm(load);
  final int name;
  AppServer app;
  Database db;
  Database db2;
  World world;

  DatabaseScene() {
    builder.link(users, api, TEN_GBIT, 10 * MS, 0);
    builder.link(api, resolver, TEN_GBIT, MS / 4, 0);
    builder.link(api, primary, TEN_GBIT, 400_000, 0);
    builder.link(api, standby, TEN_GBIT, 400_000, 0);
    name = names.name(primary.firstAddress(), 5 * S);
    pool.resolverAddress = resolver.firstAddress();
    pool.name = name;
    pool.maximumPoolSize = 20;
    database.queryTime = Distribution.exponential(40 * MS);
    second.queryTime = database.queryTime;
    second.standby = true;
    server.cpu(Distribution.constant(3 * MS)).query(0, 1, true);
    server.pools.add(new DataSource(pool));
    load.serverAddress = api.firstAddress();
    load.rateCount = 100;
    load.poisson = true;
    load.timeoutNs = 60 * S;
    load.postsPerThousand = 1000;
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  Faults faults() {
    return builder.faults();
  }

  /** The primary loses power and is marked, the standby is promoted, the name follows. */
  DatabaseScene failover(long crashNs, long promotionNs, DeadAddress dead) {
    faults()
        .tell(api, crashNs, AppServer.MARK, 0)
        .powerLoss(primary, crashNs, dead)
        .tell(standby, crashNs + promotionNs, Database.ACCEPT_WRITES, 0)
        .tell(
            resolver,
            crashNs + promotionNs + 2 * S,
            DnsServer.SET_NAME,
            DnsServer.change(name, standby.firstAddress()));
    return this;
  }

  DatabaseScene run(long untilNs) {
    start().run(untilNs);
    return this;
  }

  World start() {
    if (world == null) {
      app = new AppServer(server);
      db = new Database(database);
      db2 = new Database(second);
      builder
          .application(users, farm)
          .application(api, app)
          .application(resolver, new DnsServer(names))
          .application(primary, db)
          .application(standby, db2);
      world = builder.build();
    }
    return world;
  }

  LoadStats finish() {
    farm.finish(world.nowNs());
    app.finish();
    return farm.stats();
  }
}
