package dev.halfopen.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code apps:} of a host. */
final class AppReader {
  private static final String PROXY = "reverseProxy";
  private static final String SERVER = "httpServer";
  private static final List<String> ROLES = List.of(PROXY, SERVER);
  private static final Set<String> LATER_ROLES = Set.of("connectionPool", "database", "dnsServer");
  private static final long SECOND_NS = 1_000_000_000L;
  private static final String TIMEOUT_RANGE = "0s..24h";

  /** An application with its key under {@code apps}. */
  record Named(String name, AppSpec spec) {}

  Optional<Named> read(MapReader host) {
    Optional<MapReader> apps = host.map("apps");
    if (apps.isEmpty()) {
      return Optional.empty();
    }
    Map<String, YamlNode.Entry> entries = apps.get().node().entries();
    if (entries.size() > 1) {
      host.problem(
          "apps", entries.size() + " applications on one host are not modelled yet; give one");
    }
    Optional<Named> first = Optional.empty();
    for (String name : entries.keySet()) {
      Optional<AppSpec> spec = apps.get().map(name).flatMap(this::readApp);
      if (first.isEmpty()) {
        first = spec.map(s -> new Named(name, s));
      }
    }
    return first;
  }

  private Optional<AppSpec> readApp(MapReader app) {
    String role = app.requiredText("role");
    app.notModelled("like", "tcpKeepalive");
    if (role.equals(PROXY)) {
      return Optional.of(proxy(app));
    }
    if (role.equals(SERVER)) {
      return Optional.of(server(app));
    }
    if (LATER_ROLES.contains(role)) {
      app.problem("role", role + " is not modelled yet");
    } else if (!role.isEmpty()) {
      app.problem(
          "role",
          "unknown role "
              + role
              + Suggest.hint(role, ROLES)
              + "; known: "
              + String.join(", ", ROLES));
    }
    return Optional.empty();
  }

  private AppSpec.ReverseProxy proxy(MapReader app) {
    Listen listen = listen(app, "511");
    MapReader client = app.mapOrEmpty("clientSide");
    long idleNs = client.durationNs("idleTimeout", "75s", TIMEOUT_RANGE);
    int requests = client.countOr("requestsPerConnection", "unlimited", "1000", "1..1000000000");
    client.finish();
    LimitsSpec limits = LimitsReader.read(app, listen.listeners(), "1");
    int fanOut = app.count("fanOut", "1", "1..10000");
    app.require("upstream");
    AppSpec.UpstreamSide upstream = upstream(app.mapOrEmpty("upstream"));
    app.finish();
    return new AppSpec.ReverseProxy(
        listen.port(), listen.backlog(), idleNs, requests, limits, fanOut, upstream);
  }

  private AppSpec.UpstreamSide upstream(MapReader up) {
    Address to = Address.read(up, "to");
    up.word("balance", "roundRobin", List.of("roundRobin"));
    AppSpec.Closer closer = closer(up);
    int idlePool = up.count("idlePool", "0", "0..1000000");
    if (idlePool > 0 && closer != AppSpec.Closer.PROXY) {
      up.problem(
          "idlePool",
          idlePool
              + " keeps nothing while every connection is closed (closer "
              + MapReader.wordOf(closer)
              + "); set closer to proxy, or idlePool to 0");
    }
    AppSpec.UpstreamSide side =
        new AppSpec.UpstreamSide(
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
                java.util.EnumSet.of(AppSpec.RetryOn.ERROR, AppSpec.RetryOn.TIMEOUT),
                AppSpec.RetryOn.class));
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
  private static AppSpec.Closer closer(MapReader up) {
    if (!up.has("connectionHeader")) {
      return up.oneOf("closer", AppSpec.Closer.PROXY, AppSpec.Closer.class);
    }
    if (up.has("closer")) {
      up.problem("connectionHeader", "says the same as closer; give one");
    }
    up.oneOf("closer", AppSpec.Closer.PROXY, AppSpec.Closer.class);
    String header = up.word("connectionHeader", "keep-alive", List.of("keep-alive", "close"));
    return header.equals("close") ? AppSpec.Closer.RACE : AppSpec.Closer.PROXY;
  }

  private AppSpec.HttpServer server(MapReader app) {
    Listen listen = listen(app, "511");
    app.notModelled("perRequest");
    LimitsSpec limits = LimitsReader.read(app, listen.listeners(), "unlimited");
    AppSpec.ServiceTime time = time(app, "serviceTime");
    long idleNs = app.durationNs("idleTimeout", "75s", TIMEOUT_RANGE);
    int requests = app.countOr("requestsPerConnection", "unlimited", "unlimited", "1..1000000000");
    app.finish();
    return new AppSpec.HttpServer(listen.port(), listen.backlog(), limits, time, idleNs, requests);
  }

  /** A time as a constant or a distribution; 0 without the key. */
  static AppSpec.ServiceTime time(MapReader app, String key) {
    if (!app.has(key)) {
      app.mapOrEmpty(key);
      return new AppSpec.ServiceTime(AppSpec.Distribution.CONSTANT, 0, 0);
    }
    MapReader time = app.mapOrEmpty(key);
    time.notModelled("file");
    String range = "0ns..1h";
    AppSpec.ServiceTime result;
    if (time.has("median") || time.has("p99")) {
      long medianNs = time.require("median") ? time.durationNs("median", "1ms", "1us..1h") : 0;
      long p99Ns = time.require("p99") ? time.durationNs("p99", "1ms", "1us..1h") : 0;
      if (p99Ns < medianNs) {
        time.problem("p99", "is less than the median");
      }
      result = new AppSpec.ServiceTime(AppSpec.Distribution.LOG_NORMAL, medianNs, p99Ns);
    } else if (time.has("exponential")) {
      long meanNs = time.durationNs("exponential", "1ms", range);
      result = new AppSpec.ServiceTime(AppSpec.Distribution.EXPONENTIAL, meanNs, 0);
    } else {
      long ns = time.durationNs("constant", "0ms", range);
      result = new AppSpec.ServiceTime(AppSpec.Distribution.CONSTANT, ns, 0);
    }
    time.finish();
    return result;
  }

  private record Listen(int port, int backlog, int listeners) {}

  private static Listen listen(MapReader app, String defaultBacklog) {
    app.require("listen");
    MapReader listen = app.mapOrEmpty("listen");
    if (app.has("listen")) {
      listen.require("port");
    }
    int port = listen.count("port", "80", "1..65535");
    int backlog = listen.count("backlog", defaultBacklog, "0..2147483647");
    int listeners = listen.count("reusePort", "1", "1..1024");
    listen.finish();
    return new Listen(port, backlog, listeners);
  }
}
