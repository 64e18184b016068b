package dev.halfopen.report;

import java.util.List;
import java.util.Optional;

/** A root cause that says by itself what was missing. */
final class CauseRule implements DiagnosisRule {
  static final CauseRule RESPONSE_TIMEOUT =
      new CauseRule(
          List.of("readTimeout"),
          "response time of the upstream",
          "the proxy's readTimeout ended the wait for a response",
          "error.log: upstream timed out (110: Connection timed out) while reading response header");
  static final CauseRule CONNECT_TIMEOUT =
      new CauseRule(
          List.of("ETIMEDOUT", "connectTimeout"),
          "answers to SYN",
          "no answer to connect() in time",
          "error.log: upstream timed out (110: Connection timed out) while connecting to upstream;"
              + "  nstat TcpExtTCPSynRetrans");
  static final CauseRule REFUSED =
      new CauseRule(
          List.of("ECONNREFUSED"),
          "listening port",
          "connect() was answered by RST",
          "error.log: connect() failed (111: Connection refused)");
  static final CauseRule DEAD_ADDRESS =
      new CauseRule(
          List.of("EHOSTUNREACH", "ENETUNREACH"),
          "connection attempts on a dead address",
          "connections went to an address where nobody is",
          "application log: No route to host;  ip neigh: FAILED");
  static final CauseRule POOL =
      new CauseRule(
          List.of("poolTimeout"),
          "connection pool",
          "every connection of the pool was handed out for connectionTimeout",
          "HikariPool - Connection is not available, request timed out;  active = maximumPoolSize");
  static final CauseRule MAX_CONNECTIONS =
      new CauseRule(
          List.of("tooManyClients"),
          "max_connections",
          "the database had no slot left for a connection",
          "FATAL: sorry, too many clients already;  select count(*) from pg_stat_activity");
  static final CauseRule BROKEN =
      new CauseRule(
          List.of("ECONNRESET", "EPIPE", "prematureClose"),
          "connections that the peer had ended",
          "a request was sent on a connection that the other side had closed or forgotten",
          "application log: An I/O error occurred while sending to the backend");
  static final CauseRule SOCKET_TIMEOUT =
      new CauseRule(
          List.of("socketTimeout"),
          "answers of the database",
          "the driver's socketTimeout ended the wait for an answer",
          "application log: java.net.SocketTimeoutException: Read timed out");
  static final CauseRule READ_ONLY =
      new CauseRule(
          List.of("readOnly"),
          "a database that takes writes",
          "a standby that was not promoted yet refused to write",
          "ERROR: cannot execute INSERT in a read-only transaction");
  static final CauseRule UNKNOWN_HOST =
      new CauseRule(
          List.of("unknownHost"),
          "answers of the resolver",
          "the database's name could not be resolved",
          "application log: java.net.UnknownHostException");
  static final CauseRule CLIENT_TIMEOUT =
      new CauseRule(
          List.of("clientTimeout"),
          "patience of the clients",
          "the clients' timeout ended before a response",
          "access.log: status 499");

  private final List<String> causes;
  private final String resource;
  private final String evidence;
  private final String onARealHost;

  private CauseRule(List<String> causes, String resource, String evidence, String onARealHost) {
    this.causes = causes;
    this.resource = resource;
    this.evidence = evidence;
    this.onARealHost = onARealHost;
  }

  String resource() {
    return resource;
  }

  @Override
  public Optional<Diagnosis> examine(RunResult result) {
    LoadResult load = result.total();
    long failures = 0;
    for (String cause : causes) {
      long all = load.failures().getOrDefault(cause, 0L);
      failures += all - Shortages.explained(result, cause);
    }
    if (failures == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnosis(
            resource,
            result.scenario().world().loads().get(0).to(),
            "",
            load.firstFailureNs(),
            load.lastFailureNs(),
            failures,
            evidence,
            onARealHost));
  }
}
