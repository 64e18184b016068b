package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.CpuConfig;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import java.util.function.LongSupplier;

/** A world for each role of an application, at work without an end. */
final class Stages {
  private static final long S = Scene.S;
  private static final long MS = Scene.MS;
  private static final long TEN_GBIT = 10_000_000_000L;
  private static final int RATE = 300;

  /**
   * A world at work.
   *
   * @param memory what its tables reserve from
   * @param work grows as long as the role does what it is there for
   */
  record Stage(World world, MemoryBudget memory, LongSupplier work) {}

  private Stages() {}

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  private static void endless(ClientFarmConfig load, int rate) {
    load.rateCount = rate;
    load.poisson = true;
    load.latencyIntervalNs = 1000 * S;
  }

  private static Scene scene(int rate) {
    Scene scene = new Scene(2);
    endless(scene.load, rate);
    scene.originConfig.serviceTime = Distribution.exponential(5e6);
    return scene;
  }

  private static Stage stage(Scene scene, LongSupplier work) {
    return new Stage(scene.start(), scene.memory, work);
  }

  /** Clients of two servers, without a proxy. */
  private static Stage direct(OriginServerConfig origin, ClientFarmConfig load) {
    MemoryBudget memory = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, memory);
    Host clients = builder.farm("clients", kernel(), 200);
    Host server = builder.host("server", kernel());
    builder.link(clients, server, TEN_GBIT, MS / 2, 1 << 24);
    load.serverAddress = server.firstAddress();
    load.serverPort = origin.listenPort;
    OriginServer app = new OriginServer(origin);
    builder.application(clients, new ClientFarm(load)).application(server, app);
    boolean limited = origin.connectionsMax > 0;
    return new Stage(
        builder.build(), memory, limited ? () -> app.files().refusals() : app::responses);
  }

  static Stage originServer() {
    OriginServerConfig origin = new OriginServerConfig();
    origin.serviceTime = Distribution.logNormal(5e6, 50e6);
    origin.responseBytes = Distribution.logNormal(9000, 240_000);
    origin.idleTimeoutNs = S / 10;
    origin.requestsPerConnection = 50;
    ClientFarmConfig load = new ClientFarmConfig();
    endless(load, RATE);
    return direct(origin, load);
  }

  static Stage limitedServer() {
    OriginServerConfig origin = new OriginServerConfig();
    origin.serviceTime = Distribution.exponential(50e6);
    origin.acceptTime = Distribution.exponential(1e6);
    origin.workers = 10;
    origin.connectionsMax = 30;
    origin.openFilesMax = 20;
    origin.listeners = 2;
    ClientFarmConfig load = new ClientFarmConfig();
    endless(load, RATE);
    load.timeoutNs = S;
    return direct(origin, load);
  }

  static Stage proxyWithoutPorts() {
    Scene scene = scene(RATE).ports(100);
    scene.proxyConfig.maxFails = 1;
    scene.proxyConfig.failTimeoutSeconds = 1;
    return stage(scene, () -> scene.farm.stats().failed());
  }

  static Stage proxyWithPool() {
    Scene scene = scene(RATE);
    scene.proxyConfig.idlePool = 4;
    scene.proxyConfig.idleTimeoutNs = S / 20;
    scene.proxyConfig.requestsPerConnection = 20;
    scene.proxyConfig.clientRequestsPerConnection = 10;
    scene.proxyConfig.clientIdleTimeoutNs = S / 20;
    return stage(scene, () -> scene.proxied().reused());
  }

  static Stage proxyWithDeadUpstream() {
    Scene scene = scene(RATE).darkUpstream();
    scene.proxyConfig.connectTimeoutNs = S / 2;
    scene.proxyConfig.readTimeoutNs = 10 * MS;
    scene.proxyConfig.retryNonIdempotent = true;
    scene.proxyConfig.closer = ReverseProxyConfig.Closer.RACE;
    scene.originConfig.finDelay = Distribution.exponential(ReverseProxyConfig.RACE_FIN_MEAN_NS);
    scene.load.postsPerThousand = 500;
    return stage(scene, () -> scene.proxied().retries());
  }

  static Stage pagesAtProxy() {
    Scene scene = scene(RATE / 5);
    scene.proxyConfig.fanOut = 10;
    scene.proxyConfig.idlePool = 30;
    scene.proxyConfig.connectionsMax = 2000;
    scene.originConfig.workers = 4;
    return stage(scene, () -> scene.origins[0].workers().refusals());
  }

  static Stage pagesAtBrowser() {
    Scene scene = scene(RATE / 5);
    scene.load.fanOut = 10;
    scene.load.requestsPerClientConnection = 6;
    scene.proxyConfig.idlePool = 30;
    return stage(scene, () -> scene.farm.stats().succeeded());
  }

  static Stage closedLoop() {
    Scene scene = scene(RATE);
    scene.load.users = 100;
    scene.load.thinkTimeNs = S / 10;
    scene.load.userGapNs = MS;
    scene.proxyConfig.idlePool = 30;
    return stage(scene, () -> scene.farm.stats().succeeded());
  }

  static Stage retries(RetryConfig.Jitter jitter, int budgetPerThousand) {
    Scene scene = scene(RATE).ports(100);
    RetryConfig retry = new RetryConfig();
    retry.jitter = jitter;
    retry.budgetPerThousand = budgetPerThousand;
    retry.tryTimeoutNs = 20 * MS;
    retry.backoffNs = 20 * MS;
    retry.posts = true;
    scene.load.retry = retry;
    scene.load.postsPerThousand = 300;
    return stage(scene, () -> scene.farm.stats().retries());
  }

  private static DatabaseScene database(int rate) {
    DatabaseScene scene = new DatabaseScene();
    endless(scene.load, rate);
    return scene;
  }

  private static Stage stage(DatabaseScene scene, LongSupplier work) {
    return new Stage(scene.start(), scene.memory, work);
  }

  static Stage database() {
    DatabaseScene scene = database(RATE);
    scene.pool.maxLifetimeNs = 2 * S;
    scene.pool.jvmTtlNs = S / 10;
    return stage(scene, () -> scene.db.queries());
  }

  static Stage restlessPool() {
    DatabaseScene scene = database(20);
    scene.pool.aliveBypassWindowNs = MS;
    scene.pool.keepaliveTimeNs = S;
    scene.pool.leaksPerMillion = 20_000;
    scene.pool.maxLifetimeNs = 5 * S;
    scene.pool.socketTimeoutNs = 30 * MS;
    scene.pool.jvmTtlNs = 0;
    return stage(scene, () -> scene.app.poolStats(0).validations());
  }

  static Stage hangingDatabase() {
    DatabaseScene scene = database(RATE);
    scene.database.queryTime = Distribution.exponential(3e9);
    scene.pool.connectionTimeoutNs = S / 2;
    scene.pool.socketTimeoutNs = S;
    return stage(scene, () -> scene.farm.stats().failed());
  }

  static Stage fullDatabase() {
    DatabaseScene scene = database(RATE);
    scene.database.maxConnections = 4;
    scene.pool.connectionTimeoutNs = S / 2;
    scene.pool.maxLifetimeNs = S;
    return stage(scene, () -> scene.db.refused());
  }

  static Stage heldConnections() {
    MemoryBudget memory = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, memory);
    Host front = builder.host("front", kernel());
    Host server = builder.host("server", kernel());
    builder.link(front, server, TEN_GBIT, MS / 2, 1 << 24);
    HeldConnectionsConfig config = new HeldConnectionsConfig();
    config.serverAddresses = new int[] {server.firstAddress()};
    config.connections = 4000;
    config.opensPerSecond = 1000;
    config.perRequest = 10;
    config.socketOptions = PoolConfig.driver(true, 0);
    config.socketOptions.keepIdleSeconds = 2;
    endless(config.requests, RATE);
    HeldConnections held = new HeldConnections(config);
    OriginServerConfig origin = new OriginServerConfig();
    origin.listenPort = config.serverPort;
    builder.application(front, held).application(server, new OriginServer(origin));
    return new Stage(builder.build(), memory, () -> held.stats().succeeded());
  }

  /** Each form of a flood against one server, beside each other. */
  static Stage floods(int cookies) {
    MemoryBudget memory = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, memory);
    SysctlProfile sysctl = kernel();
    sysctl.set(Sysctl.TCP_SYNCOOKIES, cookies);
    Host server = builder.host("server", sysctl);
    Host forged = builder.farm("forged", kernel(), 50);
    builder.link(forged, server, TEN_GBIT, MS, 1 << 20);
    OriginServerConfig origin = new OriginServerConfig();
    builder.application(server, new OriginServer(origin));
    for (SynFloodConfig.Options options : SynFloodConfig.Options.values()) {
      for (boolean answers : new boolean[] {false, true}) {
        SynFloodConfig flood = new SynFloodConfig();
        flood.victimAddress = server.firstAddress();
        flood.victimPort = origin.listenPort;
        flood.options = options;
        flood.poisson = answers;
        flood.rateCount = 500;
        if (answers) {
          flood.answering = forged;
          flood.answeringShare = 0.5;
          flood.schedule = new RateSchedule(new long[] {0, 10 * S}, new double[] {0, 500});
        } else {
          flood.sourceCount = 100; // real ones, each again and again
        }
        builder.flood("botnet " + options + answers, server, new SynFlood(flood), TEN_GBIT, MS);
      }
    }
    World world = builder.build();
    return new Stage(world, memory, world::events);
  }

  static Stage coresAndConntrack() {
    MemoryBudget memory = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, memory);
    Host server = builder.host("server", kernel());
    CpuConfig cpu = new CpuConfig();
    cpu.perSynNs = 300_000;
    cpu.perCookieNs = 300_000;
    cpu.perPacketNs = 100_000;
    builder.cpu(server, cpu);
    ConntrackConfig conntrack = new ConntrackConfig();
    conntrack.max = 2000;
    builder.conntrack(server, conntrack);
    OriginServerConfig origin = new OriginServerConfig();
    origin.listenBacklog = 128;
    origin.acceptTime = Distribution.exponential(1e6);
    builder.application(server, new OriginServer(origin));
    SynFloodConfig flood = new SynFloodConfig();
    flood.victimAddress = server.firstAddress();
    flood.victimPort = origin.listenPort;
    flood.schedule = new RateSchedule(new long[] {0, 10 * S}, new double[] {0, 4000});
    builder.flood("botnet", server, new SynFlood(flood), TEN_GBIT, MS);
    return new Stage(
        builder.build(),
        memory,
        () -> Math.min(server.conntrack().earlyDrops(), server.cpu().waiting().refusals()));
  }

  static Stage responder() {
    MemoryBudget memory = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, memory);
    Host clients = builder.farm("clients", kernel(), 200);
    Host server = builder.host("server", kernel());
    builder.link(clients, server, TEN_GBIT, MS, 1 << 20);
    builder.impair(clients, server).loss(0.02);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    config.rateCount = RATE;
    config.poisson = true;
    ChurnClient client = new ChurnClient(config);
    builder.application(clients, client).application(server, new ChurnServer(config));
    return new Stage(builder.build(), memory, client::completed);
  }
}
