package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every remedy that {@code --remedies} offers, tried where its resource runs out: what helps, what
 * helps a little, and what people try though it does not help. Each test lists all that is offered.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemedyEffectsTest {
  /** They are offered what a dead peer is offered, which is tried with two of them. */
  private static final Set<String> LIKE_A_DEAD_PEER =
      Set.of(
          "answers to SYN",
          "responses",
          "connections that the peer had ended",
          "answers of the database",
          "patience of the clients",
          "connection attempts on a dead address");

  @TempDir private Path directory;

  private final Set<String> tried = new HashSet<>();

  /** What became of the requests that failed without the remedy. */
  private enum Effect {
    NONE_FAILS,
    FEWER_FAIL,
    CHANGES_NOTHING,
    MORE_FAIL
  }

  /** A part of what is changed, and what comes of it. */
  private record Offer(String change, Effect effect) {}

  private static Offer offer(String change, Effect effect) {
    return new Offer(change, effect);
  }

  /** Runs a scenario with its remedies; {@code offers} are all that there are. */
  private List<JsonNode> tries(String scenario, String resource, Offer... offers)
      throws IOException {
    DiagnosedRun run = DiagnosedRun.of(directory, scenario, "--remedies");
    JsonNode diagnosis = run.diagnosis(resource);
    tried.add(resource);
    List<JsonNode> found = new ArrayList<>();
    for (Offer offer : offers) {
      List<JsonNode> named = new ArrayList<>();
      for (JsonNode remedy : diagnosis.get("remedies")) {
        if (remedy.get("change").asText().contains(offer.change())) {
          named.add(remedy);
        }
      }
      assertThat(named).as(offer + " of " + diagnosis.get("remedies")).hasSize(1);
      JsonNode remedy = named.get(0);
      assertThat(effect(remedy, run)).as(remedy.toString()).isEqualTo(offer.effect());
      assertThat(remedy.get("risk").asText()).isNotEmpty();
      assertThat(remedy.has("socketBytes")).isTrue();
      found.add(remedy);
    }
    assertThat(diagnosis.get("remedies")).as(resource).hasSize(offers.length);
    return found;
  }

  private static Effect effect(JsonNode remedy, DiagnosedRun run) {
    long failed = remedy.get("failed").asLong();
    if (failed == 0 && run.failed() > 0) {
      return Effect.NONE_FAILS;
    }
    if (failed != run.failed()) {
      return failed < run.failed() ? Effect.FEWER_FAIL : Effect.MORE_FAIL;
    }
    return Effect.CHANGES_NOTHING;
  }

  @AfterAll
  void noResourceOfTheTableIsLeftOut() {
    Set<String> all = new HashSet<>(RemedyTable.resources());
    all.removeAll(LIKE_A_DEAD_PEER);
    assertThat(tried).containsExactlyInAnyOrderElementsOf(all);
  }

  // ---- one server

  private static String server(String host, String web, String load) {
    return """
    halfopen: 1
    duration: 20s
    hosts:
      clients: { addresses: 500 }
      bots: { addresses: 0.0.0.0/0 }
      server:
        kernel: linux-6.18
        HOST
        apps:
          web: { role: httpServer, listen: { port: 80, backlog: 16 }, WEB }
    links:
      - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
      - { between: [bots, server], rtt: 1ms, rate: 10Gbit/s }
    load:
      clients: { from: clients, to: server:80, requestsPerClientConnection: 1, arrivals: constant, LOAD
    """
        .replace("HOST", host)
        .replace("WEB", web)
        .replace("LOAD", load);
  }

  @Test
  void synQueue() throws IOException {
    tries(
        server(
            "sysctl: { net.ipv4.tcp_syncookies: 0 }",
            "serviceTime: { constant: 1ms }",
            "rate: 5/s, timeout: 3s }\n"
                + "  flood: { kind: synFlood, from: bots, to: server:80, rate: 20/s, sources: spoofed }"),
        "SYN queue",
        offer("tcp_syncookies=1", Effect.NONE_FAILS),
        offer("backlog=1024", Effect.NONE_FAILS),
        offer("tcp_synack_retries=1", Effect.FEWER_FAIL));
  }

  @Test
  void acceptQueue() throws IOException {
    List<JsonNode> offers =
        tries(
            server("", "acceptTime: { constant: 50ms }", "rate: 30/s, timeout: 12s }"),
            "accept queue",
            offer("backlog=1024", Effect.NONE_FAILS),
            offer("reusePort=4", Effect.NONE_FAILS),
            offer("tcp_abort_on_overflow=1", Effect.MORE_FAIL));
    JsonNode longer = offers.get(0);
    JsonNode faster = offers.get(1);
    assertThat(longer.get("p99Ms").asDouble()).isGreaterThan(5000);
    assertThat(faster.get("p99Ms").asDouble()).isLessThan(1000);
    assertThat(longer.get("socketBytes").asLong())
        .isGreaterThan(longer.get("socketBytesBefore").asLong());
  }

  @Test
  void connectionTracking() throws IOException {
    tries(
        server(
            "conntrack: { sysctl: { net.netfilter.nf_conntrack_max: 600 } }",
            "serviceTime: { constant: 1ms }",
            "rate: 100/s, timeout: 2s }"),
        "connection tracking",
        offer("nf_conntrack_max=2400", Effect.NONE_FAILS),
        offer("nf_conntrack_tcp_timeout_time_wait=10", Effect.FEWER_FAIL),
        offer("conntrack.enabled=false", Effect.NONE_FAILS));
  }

  @Test
  void cores() throws IOException {
    tries(
        server(
            "cpu: { cores: 1, perPacket: 5ms }\n    nic: { ring: 64 }",
            "serviceTime: { constant: 1ms }",
            "rate: 50/s, timeout: 2s }"),
        "CPU",
        offer("cpu.cores=2", Effect.NONE_FAILS));
  }

  @Test
  void workers() throws IOException {
    tries(
        server("", "workers: 5, serviceTime: { constant: 100ms }", "rate: 80/s, timeout: 2s }"),
        "workers",
        offer("workers=10", Effect.NONE_FAILS));
    tries(
        server("", "workers: 5, perRequest: [ { cpu: 100ms } ]", "rate: 80/s, timeout: 2s }"),
        "workers",
        offer("workers=10", Effect.NONE_FAILS));
  }

  @Test
  void workerConnectionsAndOpenFilesOfAServer() throws IOException {
    String load = "rate: 50/s, timeout: 2s }";
    for (String service :
        List.of("serviceTime: { constant: 100ms }", "perRequest: [ { cpu: 100ms } ]")) {
      tries(
          server("", "workers: 1, connectionsPerWorker: 4, " + service, load),
          "worker connections",
          offer("connectionsPerWorker=8", Effect.NONE_FAILS));
      tries(
          server("", "workers: 1, connectionsPerWorker: 64, openFiles: 4, " + service, load),
          "open files",
          offer("openFiles=8", Effect.NONE_FAILS));
    }
  }

  @Test
  void orphans() throws IOException {
    tries(
        server(
                "sysctl: { net.ipv4.tcp_max_orphans: 5 }",
                "requestsPerConnection: 1",
                "rate: 200/s, responseBytes: 200KiB }")
            .replace("rtt: 1ms", "rtt: 100ms"),
        "orphaned sockets",
        offer("tcp_max_orphans=131072", Effect.NONE_FAILS),
        offer("tcp_orphan_retries=1", Effect.CHANGES_NOTHING));
  }

  @Test
  void timeWaitBuckets() throws IOException {
    List<JsonNode> offers =
        tries(
            server(
                "sysctl: { net.ipv4.tcp_max_tw_buckets: 500 }",
                "requestsPerConnection: 1",
                "rate: 100/s }"),
            "TIME_WAIT buckets",
            offer("tcp_max_tw_buckets=2000000", Effect.CHANGES_NOTHING));
    JsonNode more = offers.get(0);
    assertThat(more.get("socketBytes").asLong())
        .isGreaterThan(more.get("socketBytesBefore").asLong() + 1000 * 256);
    assertThat(more.get("verdict").asText()).startsWith("HOLDS");
  }

  // ---- a proxy and its upstream

  private static String proxy(String host, String nginx, String web, String load) {
    return """
    halfopen: 1
    duration: 70s
    hosts:
      clients: { addresses: 500 }
      proxy:
        kernel: linux-6.18
        HOST
        apps:
          nginx: { role: reverseProxy, listen: { port: 80 }, NGINX }
      app:
        kernel: linux-6.18
        apps:
          web: { role: httpServer, listen: { port: 8080 }, WEB }
    links:
      - { between: [clients, proxy], rtt: 1ms, rate: 10Gbit/s }
      - { between: [proxy, app], rtt: 1ms, rate: 10Gbit/s }
    load:
      clients: { from: clients, to: proxy:80, arrivals: constant, LOAD }
    """
        .replace("HOST", host)
        .replace("NGINX", nginx)
        .replace("WEB", web)
        .replace("LOAD", load);
  }

  @Test
  void ephemeralPorts() throws IOException {
    for (String closer : List.of("proxy, idlePool: 0", "race")) {
      boolean isProxy = !closer.equals("race");
      List<JsonNode> offers =
          tries(
              proxy(
                  "sysctl: { net.ipv4.ip_local_port_range: 32768 32867 }",
                  "upstream: { to: app:8080, closer: " + closer + " }",
                  "serviceTime: { constant: 1ms }",
                  "rate: 20/s"),
              "ephemeral ports",
              offer("idlePool=32", Effect.NONE_FAILS),
              offer("app.count=2", isProxy ? Effect.FEWER_FAIL : Effect.NONE_FAILS),
              offer("tcp_tw_reuse=1", Effect.NONE_FAILS),
              offer("ip_local_port_range=1024 65535", Effect.NONE_FAILS),
              offer("tcp_fin_timeout=15", Effect.CHANGES_NOTHING));
      for (JsonNode more : List.of(offers.get(1), offers.get(3))) {
        assertThat(more.get("socketBytes").asLong())
            .isGreaterThan(more.get("socketBytesBefore").asLong());
      }
      assertThat(offers.get(0).get("socketBytes").asLong())
          .isLessThan(offers.get(0).get("socketBytesBefore").asLong());
    }
  }

  @Test
  void keptConnectionsThatTheUpstreamCloses() throws IOException {
    tries(
        proxy(
            "",
            "upstream: { to: app:8080, closer: proxy, idlePool: 8, idleTimeout: 60s }",
            "idleTimeout: 999.5ms",
            "rate: 1/s, posts: 100%"),
        "kept upstream connections",
        offer("upstream.idleTimeout=0.5s", Effect.NONE_FAILS),
        offer("nonIdempotent", Effect.NONE_FAILS));
  }

  @Test
  void responseTimeOfTheUpstream() throws IOException {
    tries(
        proxy(
            "",
            "upstream: { to: app:8080, readTimeout: 1s, retryOn: [] }",
            "workers: 2, serviceTime: { constant: 100ms }",
            "rate: 30/s, timeout: 5s"),
        "response time of the upstream",
        offer("workers=4", Effect.NONE_FAILS));
  }

  @Test
  void workerConnectionsAndOpenFilesOfAProxy() throws IOException {
    String service = "serviceTime: { constant: 100ms }";
    String load = "rate: 50/s, requestsPerClientConnection: 1";
    tries(
        proxy("", "workers: 1, connectionsPerWorker: 8, upstream: { to: app:8080 }", service, load),
        "worker connections",
        offer("connectionsPerWorker=16", Effect.NONE_FAILS));
    tries(
        proxy("", "openFiles: 8, upstream: { to: app:8080 }", service, load),
        "open files",
        offer("openFiles=16", Effect.NONE_FAILS));
  }

  // ---- an application and its database

  private static String database(String pool, String db, String load, String faults) {
    return """
    halfopen: 1
    duration: 1min
    hosts:
      users: { addresses: 100 }
      app:
        kernel: linux-6.18
        apps:
          orders:
            role: httpServer
            listen: { port: 8080 }
            workers: 100
            perRequest: [ { query: { pool: hikari, times: 1, write: true } } ]
          hikari: { role: connectionPool, to: "database.internal:5432", POOL }
      resolver: { apps: { dns: { role: dnsServer } } }
      db:
        count: 2
        kernel: linux-6.18
        apps:
          postgres: { role: database, listen: { port: 5432 }, DB }
    names:
      database.internal: { address: db-1, ttl: 2min, server: resolver }
    links:
      - { between: [users, app], rtt: 1ms, rate: 10Gbit/s }
      - { between: [app, db], rtt: 100ms, rate: 10Gbit/s }
      - { between: [app, resolver], rtt: 1ms, rate: 10Gbit/s }
    load:
      users: { from: users, to: "app:8080", LOAD }
    FAULTS
    """
        .replace("POOL", pool)
        .replace("DB", db)
        .replace("LOAD", load)
        .replace("FAULTS", faults);
  }

  private static final String PROBES = "tcpKeepalive=true, app:net.ipv4.tcp_keepalive_time=60";

  @Test
  void connectionPool() throws IOException {
    tries(
        database(
            "maximumPoolSize: 5, connectionTimeout: 4s",
            "queryTime: { constant: 150ms }",
            "rate: 30/s, arrivals: constant, timeout: 30s",
            ""),
        "connection pool",
        offer("maximumPoolSize=10", Effect.NONE_FAILS),
        offer("connectionTimeout=2s", Effect.MORE_FAIL),
        offer("socketTimeout=30s", Effect.CHANGES_NOTHING),
        offer(PROBES, Effect.CHANGES_NOTHING),
        offer("tcpUserTimeout=30s", Effect.CHANGES_NOTHING),
        offer("tcp_retries2=8", Effect.CHANGES_NOTHING),
        offer("names.database.internal.ttl=1s", Effect.CHANGES_NOTHING));
  }

  @Test
  void maxConnections() throws IOException {
    tries(
        database(
            "maximumPoolSize: 12, connectionTimeout: 2s",
            "queryTime: { constant: 150ms }, maxConnections: 8, reservedConnections: 0",
            "rate: 40/s, arrivals: constant, timeout: 5s",
            ""),
        "max_connections",
        offer("maxConnections=16", Effect.NONE_FAILS),
        offer("db:net.ipv4.tcp_keepalive_time=60", Effect.CHANGES_NOTHING),
        offer("maximumPoolSize=6", Effect.MORE_FAIL));
  }

  @Test
  void aDeadDatabaseAndTheTimersThatFindOut() throws IOException {
    String failover =
        """
        faults:
          - { name: crash, at: 20s, do: powerLoss, host: db-1, deadAddress: silent }
          - { name: promote, at: crash + 10s, do: acceptWrites, host: db-2 }
          - { name: repoint, at: promote + 2s, do: setName, dnsName: database.internal, address: db-2 }
        """;
    String scenario =
        database(
                "maximumPoolSize: 40",
                "queryTime: { constant: 100ms }",
                "rate: 20/s, timeout: 10s",
                failover)
            .replace("1min", "4min");
    Offer names = offer("names.database.internal.ttl=1s", Effect.FEWER_FAIL);
    List<JsonNode> offers =
        tries(
            scenario,
            "idle reader without keepalive",
            names,
            offer("socketTimeout=30s", Effect.FEWER_FAIL),
            offer(PROBES, Effect.FEWER_FAIL),
            offer("tcpUserTimeout=30s", Effect.FEWER_FAIL),
            offer("tcp_retries2=8", Effect.CHANGES_NOTHING));
    long all = offers.get(0).get("hanging").asLong();
    long acknowledged = offers.get(3).get("hanging").asLong();
    assertThat(offers.get(1).get("hanging").asLong()).as("socketTimeout ends all").isZero();
    assertThat(acknowledged).as("tcpUserTimeout ends waits for an ACK").isBetween(1L, all - 1);
    assertThat(offers.get(4).get("hanging").asLong())
        .as("so does retries2")
        .isEqualTo(acknowledged);
    assertThat(offers.get(2).get("hanging").asLong())
        .as("keepalive ends the other ones")
        .isBetween(1L, all - 1);
    assertThat(offers.get(0).get("failed").asLong())
        .as("what ends the outage is that new connections go to the new address")
        .isLessThan(offers.get(1).get("failed").asLong() / 4);
  }

  @Test
  void aStandbyThatIsNotPromotedYet() throws IOException {
    tries(
        database(
                "maximumPoolSize: 10",
                "queryTime: { constant: 10ms }",
                "rate: 10/s, timeout: 10s",
                """
            faults:
              - { name: crash, at: 20s, do: kill, host: db-1 }
              - { name: repoint, at: 22s, do: setName, dnsName: database.internal, address: db-2 }
              - { name: promote, at: 40s, do: acceptWrites, host: db-2 }
            """)
            .replace("ttl: 2min", "ttl: 5s"),
        "a database that takes writes",
        offer("names.database.internal.ttl=1s", Effect.CHANGES_NOTHING));
  }

  @Test
  void aResolverThatIsAway() throws IOException {
    tries(
        database(
                "maximumPoolSize: 10, connectionTimeout: 3s, maxLifetime: 31s",
                "queryTime: { constant: 10ms }",
                "rate: 10/s, timeout: 10s",
                "faults: [ { name: dark, at: 20s, do: powerLoss, host: resolver, deadAddress: silent } ]")
            .replace("1min", "2min"),
        "answers of the resolver",
        offer("jvmDns.ttl=1h", Effect.NONE_FAILS),
        offer("jvmDns.negativeTtl=0s", Effect.CHANGES_NOTHING));
  }
}
