package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import java.util.List;

/** {@code role: reverseProxy}. */
final class ReverseProxyRole implements AppRole<ReverseProxySpec> {
  static final String TIMEOUT_RANGE = "0s..24h";
  private static final long SECOND_NS = 1_000_000_000L;
  private static final String KEEPALIVE = "tcpKeepalive";

  @Override
  public String word() {
    return "reverseProxy";
  }

  @Override
  public Class<ReverseProxySpec> specType() {
    return ReverseProxySpec.class;
  }

  @Override
  public ReverseProxySpec read(MapReader app) {
    if (app.has(KEEPALIVE)) {
      app.problem(
          KEEPALIVE,
          "is said of each side: clientSide.tcpKeepalive (so_keepalive) and"
              + " upstream.tcpKeepalive (proxy_socket_keepalive)");
      app.known(KEEPALIVE);
    }
    ListenSpec listen = ListenSpec.read(app, "511");
    MapReader client = app.mapOrEmpty("clientSide");
    long idleNs = client.durationNs("idleTimeout", "75s", TIMEOUT_RANGE);
    int requests = client.countOr("requestsPerConnection", "unlimited", "1000", "1..1000000000");
    boolean keepalive = client.flag(KEEPALIVE, false);
    client.finish();
    LimitsSpec limits = LimitsSpec.ofProcesses(app, listen.listeners(), "1");
    int fanOut = app.count("fanOut", "1", "1..10000");
    app.require("upstream");
    ReverseProxySpec.UpstreamSide upstream = upstream(app.mapOrEmpty("upstream"));
    app.finish();
    return new ReverseProxySpec(
        listen.port(), listen.backlog(), idleNs, requests, keepalive, limits, fanOut, upstream);
  }

  private static ReverseProxySpec.UpstreamSide upstream(MapReader up) {
    Address to = Address.read(up, "to");
    up.word("balance", "roundRobin", List.of("roundRobin"));
    ReverseProxySpec.Closer closer = closer(up);
    int idlePool = up.count("idlePool", "0", "0..1000000");
    if (idlePool > 0 && closer != ReverseProxySpec.Closer.PROXY) {
      up.problem(
          "idlePool",
          idlePool
              + " keeps nothing while every connection is closed (closer "
              + MapReader.wordOf(closer)
              + "); set closer to proxy, or idlePool to 0");
    }
    ReverseProxySpec.UpstreamSide side =
        new ReverseProxySpec.UpstreamSide(
            to.group(),
            to.port(),
            closer,
            idlePool,
            up.countOr("requestsPerConnection", "unlimited", "1000", "1..1000000000"),
            up.durationNs("idleTimeout", "60s", TIMEOUT_RANGE),
            up.durationNs("connectTimeout", "60s", TIMEOUT_RANGE),
            up.durationNs("readTimeout", "60s", TIMEOUT_RANGE),
            up.count("maxFails", "1", "0..1000000"),
            failTimeoutNs(up),
            up.setOf(
                "retryOn",
                java.util.EnumSet.of(
                    ReverseProxySpec.RetryOn.ERROR, ReverseProxySpec.RetryOn.TIMEOUT),
                ReverseProxySpec.RetryOn.class),
            up.flag(KEEPALIVE, false));
    up.finish();
    return side;
  }

  /** nginx compares whole seconds. */
  private static long failTimeoutNs(MapReader up) {
    long ns = up.durationNs("failTimeout", "10s", TIMEOUT_RANGE);
    if (ns % SECOND_NS != 0) {
      up.problem("failTimeout", "is compared in whole seconds, as nginx does; give such a one");
    }
    return ns;
  }

  /** {@code closer}, or nginx's own word for two of its three values. */
  private static ReverseProxySpec.Closer closer(MapReader up) {
    if (!up.has("connectionHeader")) {
      return up.oneOf("closer", ReverseProxySpec.Closer.PROXY, ReverseProxySpec.Closer.class);
    }
    if (up.has("closer")) {
      up.problem("connectionHeader", "says the same as closer; give one");
    }
    up.oneOf("closer", ReverseProxySpec.Closer.PROXY, ReverseProxySpec.Closer.class);
    String header = up.word("connectionHeader", "keep-alive", List.of("keep-alive", "close"));
    return header.equals("close") ? ReverseProxySpec.Closer.RACE : ReverseProxySpec.Closer.PROXY;
  }

  @Override
  public void check(ReverseProxySpec spec, HostSpec host, String name, WorldChecks checks) {
    String to = spec.upstream().toGroup();
    WorldChecks.Place place = checks.place("hosts", host.group(), "apps", name, "upstream", "to");
    if (!checks.known(to, place)) {
      return;
    }
    checks.listener(to, spec.upstream().toPort(), place);
    checks.linked(host.group(), to, place);
    boolean servers =
        checks.world().group(to).stream()
            .flatMap(h -> h.apps().stream())
            .map(AppPlace::spec)
            .filter(app -> app.port() == spec.upstream().toPort())
            .allMatch(app -> app instanceof HttpServerSpec || app instanceof AppServerSpec);
    if (!servers) {
      checks.problem(
          place,
          "not modelled yet: chains of proxies; "
              + to
              + " has no httpServer on "
              + spec.upstream().toPort());
    }
  }

  @Override
  public Application build(ReverseProxySpec spec, HostSpec host, Assembler world) {
    ReverseProxySpec.UpstreamSide up = spec.upstream();
    ReverseProxyConfig config = new ReverseProxyConfig();
    config.listenPort = spec.port();
    config.listenBacklog = spec.backlog();
    config.upstreamAddresses = world.addressesOf(up.toGroup());
    config.upstreamPort = up.toPort();
    config.closer = closer(up.closer());
    config.idlePool = up.idlePool() * spec.limits().workers();
    config.listeners = spec.limits().listeners();
    config.acceptTime = spec.limits().acceptTime().distribution();
    config.connectionsMax = spec.limits().connectionsMax();
    config.openFilesMax = spec.limits().openFilesMax();
    config.fanOut = spec.fanOut();
    config.idleTimeoutNs = up.idleTimeoutNs();
    config.requestsPerConnection = up.requestsPerConnection();
    config.maxFails = up.maxFails();
    config.failTimeoutSeconds = Math.toIntExact(up.failTimeoutNs() / SECOND_NS);
    config.retryOnError = up.retryOn().contains(ReverseProxySpec.RetryOn.ERROR);
    config.retryOnTimeout = up.retryOn().contains(ReverseProxySpec.RetryOn.TIMEOUT);
    config.retryNonIdempotent = up.retryOn().contains(ReverseProxySpec.RetryOn.NON_IDEMPOTENT);
    config.connectTimeoutNs = up.connectTimeoutNs();
    config.readTimeoutNs = up.readTimeoutNs();
    config.clientRequestsPerConnection = spec.clientRequestsPerConnection();
    config.clientIdleTimeoutNs = spec.clientIdleTimeoutNs();
    config.listenOptions = LimitsSpec.options(spec.clientTcpKeepalive());
    config.upstreamOptions = LimitsSpec.options(up.tcpKeepalive());
    return new ReverseProxy(config);
  }

  /** Whether a proxy races the server on this port of this host for the first FIN. */
  static boolean races(WorldSpec world, HostSpec server, int port) {
    for (HostSpec host : world.hosts()) {
      for (ReverseProxySpec proxy : host.apps(ReverseProxySpec.class)) {
        ReverseProxySpec.UpstreamSide up = proxy.upstream();
        boolean here = up.toGroup().equals(server.group()) || up.toGroup().equals(server.name());
        if (here && up.toPort() == port && up.closer() == ReverseProxySpec.Closer.RACE) {
          return true;
        }
      }
    }
    return false;
  }

  private static ReverseProxyConfig.Closer closer(ReverseProxySpec.Closer closer) {
    return switch (closer) {
      case PROXY -> ReverseProxyConfig.Closer.PROXY;
      case UPSTREAM -> ReverseProxyConfig.Closer.UPSTREAM;
      case RACE -> ReverseProxyConfig.Closer.RACE;
    };
  }
}
