package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxyConfig;

/** {@code role: httpServer}. */
final class HttpServerRole implements AppRole<HttpServerSpec> {
  @Override
  public String word() {
    return "httpServer";
  }

  @Override
  public Class<HttpServerSpec> specType() {
    return HttpServerSpec.class;
  }

  @Override
  public HttpServerSpec read(MapReader app) {
    app.notModelled("perRequest");
    ListenSpec listen = ListenSpec.read(app, "511");
    LimitsSpec limits = LimitsSpec.ofThreads(app, listen.listeners(), "unlimited");
    TimeSpec time = TimeSpec.read(app, "serviceTime");
    long idleNs = app.durationNs("idleTimeout", "75s", ReverseProxyRole.TIMEOUT_RANGE);
    int requests = app.countOr("requestsPerConnection", "unlimited", "unlimited", "1..1000000000");
    boolean keepalive = app.flag("tcpKeepalive", false);
    app.finish();
    return new HttpServerSpec(
        listen.port(), listen.backlog(), limits, time, idleNs, requests, keepalive);
  }

  @Override
  public Application build(HttpServerSpec spec, HostSpec host, Assembler world) {
    OriginServerConfig config = new OriginServerConfig();
    config.listenPort = spec.port();
    config.listenBacklog = spec.backlog();
    config.serviceTime = spec.serviceTime().distribution();
    config.acceptTime = spec.limits().acceptTime().distribution();
    config.workers = spec.limits().threads();
    config.connectionsMax = spec.limits().connectionsMax();
    config.openFilesMax = spec.limits().openFilesMax();
    config.listeners = spec.limits().listeners();
    config.requestsPerConnection = spec.requestsPerConnection();
    config.idleTimeoutNs = spec.idleTimeoutNs();
    config.listenOptions = LimitsSpec.options(spec.tcpKeepalive());
    if (ReverseProxyRole.races(world.spec(), host, spec.port())) {
      config.finDelay = Distribution.exponential(ReverseProxyConfig.RACE_FIN_MEAN_NS);
    }
    return new OriginServer(config);
  }
}
