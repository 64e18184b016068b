package dev.halfopen.scenario;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.world.WorldBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the world of a scenario. */
public final class Assembler {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final BigInteger HOUR_NS = BigInteger.valueOf(3600L * SECOND_NS);

  private final WorldSpec spec;
  private final WorldBuilder builder;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final List<Assembly.Load> loads = new ArrayList<>();
  private final List<Assembly.Proxy> proxies = new ArrayList<>();
  private final List<Assembly.Server> servers = new ArrayList<>();
  private final List<Assembly.Flood> floods = new ArrayList<>();
  private final Equipment equipment;

  private Assembler(WorldSpec spec, WorldBuilder builder) {
    this.spec = spec;
    this.builder = builder;
    this.equipment = new Equipment(spec, builder, hosts);
  }

  /**
   * Builds.
   *
   * @param sampleNs virtual time between two calls of {@code sampler}
   */
  public static Assembly assemble(
      WorldSpec spec, MemoryBudget budget, long sampleNs, WorldBuilder.Sampler sampler) {
    WorldBuilder builder = new WorldBuilder(spec.seed(), budget);
    builder.sample(sampleNs, sampler);
    return new Assembler(spec, builder).assemble();
  }

  private Assembly assemble() {
    for (HostSpec host : spec.hosts()) {
      hosts.put(
          host.name(),
          host.isFarm()
              ? builder.farm(host.name(), host.sysctls().profile(), host.addresses())
              : builder.host(host.name(), host.sysctls().profile()));
    }
    spec.links().forEach(this::link);
    for (HostSpec host : spec.hosts()) {
      equipment.intake(host);
      if (host.app().orElse(null) instanceof AppSpec.ReverseProxy proxy) {
        proxy(host, proxy);
      } else if (host.app().orElse(null) instanceof AppSpec.HttpServer server) {
        server(host, server);
      }
    }
    spec.loads().forEach(this::load);
    spec.floods().forEach(f -> floods.add(new Assembly.Flood(f, equipment.flood(f))));
    return new Assembly(
        spec, builder.build(), Collections.unmodifiableMap(hosts), loads, proxies, servers, floods);
  }

  private Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IllegalStateException("no host " + name);
    }
    return host;
  }

  private void link(LinkSpec link) {
    for (HostSpec a : spec.group(link.a())) {
      for (HostSpec b : spec.group(link.b())) {
        builder.link(
            host(a.name()),
            host(b.name()),
            equipment.bitsPerSecond(link),
            link.rttNs() / 2,
            link.queueBytes());
      }
    }
  }

  private void proxy(HostSpec host, AppSpec.ReverseProxy proxy) {
    AppSpec.UpstreamSide up = proxy.upstream();
    ReverseProxyConfig config = new ReverseProxyConfig();
    config.listenPort = proxy.port();
    config.listenBacklog = proxy.backlog();
    config.upstreamAddresses =
        spec.group(up.toGroup()).stream().mapToInt(h -> host(h.name()).firstAddress()).toArray();
    config.upstreamPort = up.toPort();
    config.closer = closer(up.closer());
    config.idlePool = up.idlePool() * proxy.limits().workers();
    config.acceptTime = distribution(proxy.limits().acceptTime());
    config.connectionsMax = proxy.limits().connectionsMax();
    config.openFilesMax = proxy.limits().openFilesMax();
    config.listeners = proxy.limits().listeners();
    config.fanOut = proxy.fanOut();
    config.idleTimeoutNs = up.idleTimeoutNs();
    config.requestsPerConnection = up.requestsPerConnection();
    config.maxFails = up.maxFails();
    config.failTimeoutSeconds = Math.toIntExact(up.failTimeoutNs() / SECOND_NS);
    config.retryOnError = up.retryOn().contains(AppSpec.RetryOn.ERROR);
    config.retryOnTimeout = up.retryOn().contains(AppSpec.RetryOn.TIMEOUT);
    config.retryNonIdempotent = up.retryOn().contains(AppSpec.RetryOn.NON_IDEMPOTENT);
    config.connectTimeoutNs = up.connectTimeoutNs();
    config.readTimeoutNs = up.readTimeoutNs();
    config.clientRequestsPerConnection = proxy.clientRequestsPerConnection();
    config.clientIdleTimeoutNs = proxy.clientIdleTimeoutNs();
    ReverseProxy app = new ReverseProxy(config);
    builder.application(host(host.name()), app);
    proxies.add(new Assembly.Proxy(host, proxy, app));
  }

  private static ReverseProxyConfig.Closer closer(AppSpec.Closer closer) {
    return switch (closer) {
      case PROXY -> ReverseProxyConfig.Closer.PROXY;
      case UPSTREAM -> ReverseProxyConfig.Closer.UPSTREAM;
      case RACE -> ReverseProxyConfig.Closer.RACE;
    };
  }

  private void server(HostSpec host, AppSpec.HttpServer server) {
    OriginServerConfig config = new OriginServerConfig();
    config.listenPort = server.port();
    config.listenBacklog = server.backlog();
    config.serviceTime = distribution(server.serviceTime());
    config.acceptTime = distribution(server.limits().acceptTime());
    config.workers = server.limits().threads();
    config.connectionsMax = server.limits().connectionsMax();
    config.openFilesMax = server.limits().openFilesMax();
    config.listeners = server.limits().listeners();
    config.requestsPerConnection = server.requestsPerConnection();
    config.idleTimeoutNs = server.idleTimeoutNs();
    if (isRaced(host)) {
      config.finDelay = Distribution.exponential(ReverseProxyConfig.RACE_FIN_MEAN_NS);
    }
    OriginServer app = new OriginServer(config);
    builder.application(host(host.name()), app);
    servers.add(new Assembly.Server(host, server, app));
  }

  /** Whether a proxy races this server for the first FIN. */
  private boolean isRaced(HostSpec server) {
    for (HostSpec host : spec.hosts()) {
      if (host.app().orElse(null) instanceof AppSpec.ReverseProxy proxy
          && proxy.upstream().toGroup().equals(server.group())
          && proxy.upstream().closer() == AppSpec.Closer.RACE) {
        return true;
      }
    }
    return false;
  }

  private static Distribution distribution(AppSpec.ServiceTime time) {
    return switch (time.distribution()) {
      case CONSTANT -> Distribution.constant(time.ns());
      case EXPONENTIAL -> Distribution.exponential((double) time.ns());
      case LOG_NORMAL -> Distribution.logNormal((double) time.ns(), (double) time.p99Ns());
    };
  }

  private void load(LoadSpec load) {
    ClientFarmConfig config = new ClientFarmConfig();
    config.name = load.name();
    config.serverAddress = host(spec.group(load.to()).get(0).name()).firstAddress();
    config.serverPort = load.toPort();
    if (load.curve().isConstant()) {
      setRate(config, load.rate());
    } else {
      config.schedule = load.curve().schedule();
    }
    config.postsPerThousand = load.postsPerThousand();
    config.poisson = load.arrivals() == LoadSpec.Arrivals.POISSON;
    config.untilNs = spec.durationNs();
    config.timeoutNs = load.timeoutNs();
    config.requestsPerClientConnection = load.requestsPerClientConnection();
    config.requestBytes = Distribution.constant(load.requestBytes());
    config.responseBytes = Distribution.constant(load.responseBytes());
    ClientFarm farm = new ClientFarm(config);
    builder.application(host(load.from()), farm);
    loads.add(new Assembly.Load(load, farm));
  }

  /** The rate as a fraction of whole numbers in lowest terms: 1000/s is one per 1,000,000 ns. */
  private static void setRate(ClientFarmConfig config, Quantity rate) {
    int scale = Math.max(0, rate.base().stripTrailingZeros().scale());
    BigInteger tens = BigInteger.TEN.pow(scale);
    BigInteger count = rate.base().multiply(new java.math.BigDecimal(tens)).toBigIntegerExact();
    BigInteger perNs = HOUR_NS.multiply(tens);
    BigInteger common = count.gcd(perNs);
    config.rateCount = count.divide(common).longValueExact();
    config.ratePerNs = perNs.divide(common).longValueExact();
  }
}
