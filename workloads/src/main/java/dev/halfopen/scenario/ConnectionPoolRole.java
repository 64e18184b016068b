package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.DataSource;
import dev.halfopen.app.PoolConfig;
import java.util.List;
import java.util.Optional;

/** {@code role: connectionPool}; the defaults are HikariCP's and pgjdbc's. */
final class ConnectionPoolRole implements AppRole<ConnectionPoolSpec> {
  private static final String RANGE = "0s..24h";
  private static final long MS_NS = 1_000_000;
  private static final double MILLION = 1e6;

  @Override
  public String word() {
    return "connectionPool";
  }

  @Override
  public Class<ConnectionPoolSpec> specType() {
    return ConnectionPoolSpec.class;
  }

  @Override
  public ConnectionPoolSpec read(MapReader app) {
    Address to = Address.read(app, "to");
    int size = app.count("maximumPoolSize", "10", "1..10000");
    int idle = app.has("minimumIdle") ? app.count("minimumIdle", "10", "0..10000") : -1;
    app.known("minimumIdle");
    MapReader dns = app.mapOrEmpty("jvmDns");
    long ttlNs = ttlNs(dns, "ttl", "30s");
    long negativeNs = ttlNs(dns, "negativeTtl", "10s");
    dns.finish();
    ConnectionPoolSpec spec =
        new ConnectionPoolSpec(
            to.group(),
            to.port(),
            size,
            idle,
            app.durationNs("connectionTimeout", "30s", "1ms..24h"),
            app.durationNs("validationTimeout", "5s", "1ms..24h"),
            app.durationNs("aliveBypassWindow", "500ms", RANGE),
            app.durationNs("keepaliveTime", "2min", RANGE),
            app.durationNs("maxLifetime", "30min", RANGE),
            app.durationNs("idleTimeout", "10min", RANGE),
            app.share("leak", "0%", "0%..100%"),
            driver(app.mapOrEmpty("driver")),
            ttlNs,
            negativeNs);
    app.finish();
    return spec;
  }

  private static ConnectionPoolSpec.Driver driver(MapReader driver) {
    ConnectionPoolSpec.Driver result =
        new ConnectionPoolSpec.Driver(
            orNone(driver, "connectTimeout", "10s"),
            orNone(driver, "socketTimeout", "0s"),
            driver.flag("tcpKeepalive", false),
            orNone(driver, "tcpUserTimeout", "none"));
    driver.finish();
    return result;
  }

  /** A time, or {@code none}, which is 0. */
  private static long orNone(MapReader reader, String key, String defaultText) {
    String given = reader.has(key) ? reader.text(key) : defaultText;
    if (given.equals("none")) {
      reader.word(key, "none", List.of("none"));
      return 0;
    }
    return reader.durationNs(key, defaultText.equals("none") ? "0s" : defaultText, RANGE);
  }

  /** A time, or {@code forEver}, which is -1. */
  private static long ttlNs(MapReader dns, String key, String defaultText) {
    if (dns.has(key) && dns.text(key).equals("forEver")) {
      dns.word(key, "forEver", List.of("forEver"));
      return -1;
    }
    return dns.durationNs(key, defaultText, RANGE);
  }

  @Override
  public void check(ConnectionPoolSpec spec, HostSpec host, String name, WorldChecks checks) {
    WorldChecks.Place place = checks.place("hosts", host.group(), "apps", name, "to");
    WorldSpec world = checks.world();
    Optional<NameSpec> named = world.named(spec.to());
    if (named.isPresent()) {
      checks.linked(host.group(), named.get().server(), place);
      checks.linked(host.group(), named.get().host(), place);
    } else if (checks.known(spec.to(), place)) {
      checks.listener(spec.to(), spec.toPort(), place);
      checks.linked(host.group(), spec.to(), place);
    }
    boolean used =
        host.apps().stream()
            .anyMatch(a -> a.spec() instanceof AppServerSpec s && s.pools().contains(name));
    if (!used) {
      checks.problem(place, "no application of " + host.group() + " queries this pool");
    }
  }

  @Override
  public Application build(ConnectionPoolSpec spec, HostSpec host, Assembler world) {
    PoolConfig config = new PoolConfig();
    config.serverPort = spec.toPort();
    List<NameSpec> names = world.spec().names();
    Optional<NameSpec> named = world.spec().named(spec.to());
    if (named.isPresent()) {
      config.resolverAddress = world.host(named.get().server()).firstAddress();
      config.name = DnsServerRole.numberOf(named.get(), names);
    } else {
      config.serverAddress = world.addressesOf(spec.to())[0];
    }
    config.maximumPoolSize = spec.maximumPoolSize();
    config.minimumIdle = spec.minimumIdle();
    config.connectionTimeoutNs = spec.connectionTimeoutNs();
    config.validationTimeoutNs = spec.validationTimeoutNs();
    config.aliveBypassWindowNs = spec.aliveBypassWindowNs();
    config.keepaliveTimeNs = spec.keepaliveTimeNs();
    config.maxLifetimeNs = spec.maxLifetimeNs();
    config.idleTimeoutNs = spec.idleTimeoutNs();
    config.leaksPerMillion = (int) (spec.leak() * MILLION);
    config.connectTimeoutNs = spec.driver().connectTimeoutNs();
    config.socketTimeoutNs = spec.driver().socketTimeoutNs();
    config.socketOptions =
        PoolConfig.driver(
            spec.driver().tcpKeepalive(), Math.toIntExact(spec.driver().userTimeoutNs() / MS_NS));
    config.jvmTtlNs = spec.jvmTtlNs();
    config.jvmNegativeTtlNs = spec.jvmNegativeTtlNs();
    return new DataSource(config);
  }
}
