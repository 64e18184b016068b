package dev.halfopen.scenario;

import dev.halfopen.app.AppServer;
import dev.halfopen.app.AppServerConfig;
import dev.halfopen.app.Application;
import dev.halfopen.app.DataSource;
import dev.halfopen.app.DatabaseConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.ReverseProxyConfig;
import java.util.ArrayList;
import java.util.List;

/** {@code role: httpServer} with {@code perRequest}. */
final class AppServerRole implements AppRole<AppServerSpec> {
  private static final String PER_REQUEST = "perRequest";
  private static final String CPU = "cpu";
  private static final String QUERY = "query";

  @Override
  public String word() {
    return "httpServer";
  }

  @Override
  public boolean reads(MapReader app) {
    return app.has(PER_REQUEST);
  }

  @Override
  public Class<AppServerSpec> specType() {
    return AppServerSpec.class;
  }

  @Override
  public AppServerSpec read(MapReader app) {
    ListenSpec listen = ListenSpec.read(app, "100");
    LimitsSpec limits = LimitsSpec.ofThreads(app, listen.listeners(), "200");
    long idleNs = app.durationNs("idleTimeout", "60s", ReverseProxyRole.TIMEOUT_RANGE);
    int requests = app.countOr("requestsPerConnection", "unlimited", "unlimited", "1..1000000000");
    boolean keepalive = app.flag("tcpKeepalive", false);
    List<AppServerSpec.Step> steps = new ArrayList<>();
    app.eachItem(PER_REQUEST, step -> steps.add(step(step)));
    app.finish();
    return new AppServerSpec(
        listen.port(), listen.backlog(), limits, idleNs, requests, keepalive, steps);
  }

  private static AppServerSpec.Step step(MapReader step) {
    AppServerSpec.Step result;
    if (step.has(QUERY)) {
      MapReader query = step.mapOrEmpty(QUERY);
      result =
          new AppServerSpec.Step(
              TimeSpec.ZERO,
              query.requiredText("pool"),
              query.count("times", "1", "1..1000"),
              query.flag("write", true));
      query.finish();
    } else {
      step.require(CPU);
      boolean constant = !(step.node().get(CPU).orElse(null) instanceof YamlNode.Mapping);
      TimeSpec time =
          constant
              ? new TimeSpec(TimeSpec.Shape.CONSTANT, step.durationNs(CPU, "0ms", "0ns..1h"), 0)
              : TimeSpec.read(step, CPU);
      result = new AppServerSpec.Step(time, "", 0, false);
    }
    step.finish();
    return result;
  }

  @Override
  public void check(AppServerSpec spec, HostSpec host, String name, WorldChecks checks) {
    WorldChecks.Place place = checks.place("hosts", host.group(), "apps", name, PER_REQUEST);
    for (String pool : spec.pools()) {
      boolean there =
          host.apps().stream()
              .anyMatch(a -> a.name().equals(pool) && a.spec() instanceof ConnectionPoolSpec);
      if (!there) {
        checks.problem(place, "no connectionPool " + pool + " among the apps of " + host.group());
      }
      boolean shared =
          host.apps().stream()
              .anyMatch(
                  a ->
                      !a.name().equals(name)
                          && a.spec() instanceof AppServerSpec other
                          && other.pools().contains(pool));
      if (shared) {
        checks.problem(place, "two applications share the pool " + pool + "; give each its own");
      }
    }
  }

  @Override
  public Application build(AppServerSpec spec, HostSpec host, Assembler world) {
    AppServerConfig config = new AppServerConfig();
    config.listenPort = spec.port();
    config.listenBacklog = spec.backlog();
    config.workers = spec.limits().threads();
    config.acceptTime = spec.limits().acceptTime().distribution();
    config.connectionsMax = spec.limits().connectionsMax();
    config.openFilesMax = spec.limits().openFilesMax();
    config.listeners = spec.limits().listeners();
    config.requestsPerConnection = spec.requestsPerConnection();
    config.listenOptions = DatabaseConfig.listenOptions(spec.tcpKeepalive());
    config.idleTimeoutNs = spec.idleTimeoutNs();
    if (ReverseProxyRole.races(world.spec(), host, spec.port())) {
      config.finDelay = Distribution.exponential(ReverseProxyConfig.RACE_FIN_MEAN_NS);
    }
    List<String> pools = spec.pools();
    for (String pool : pools) {
      config.pools.add((DataSource) world.app(host, pool));
    }
    for (AppServerSpec.Step step : spec.steps()) {
      if (step.pool().isEmpty()) {
        config.cpu(step.cpu().distribution());
      } else {
        config.query(pools.indexOf(step.pool()), step.times(), step.write());
      }
    }
    return new AppServer(config);
  }
}
