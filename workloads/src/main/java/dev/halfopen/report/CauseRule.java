package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;

/** A root cause that says by itself what was missing. */
final class CauseRule implements DiagnosisRule {
  private static final String REFUSED_BY_DATABASE = "tooManyClients";
  private static final long MS_NS = 1_000_000;

  static final CauseRule RESPONSE_TIMEOUT =
      new CauseRule(
          List.of("readTimeout"),
          Whose.UPSTREAM,
          "response time of the upstream",
          "the proxy's readTimeout ended the wait for a response",
          "error.log: upstream timed out (110: Connection timed out) while reading response header");
  static final CauseRule CONNECT_TIMEOUT =
      new CauseRule(
          List.of("ETIMEDOUT", "connectTimeout"),
          Whose.PEER,
          "answers to SYN",
          "no answer to connect() in time",
          "error.log: upstream timed out (110: Connection timed out) while connecting to upstream;"
              + "  nstat TcpExtTCPSynRetrans");
  static final CauseRule REFUSED =
      new CauseRule(
          List.of("ECONNREFUSED"),
          Whose.PEER,
          "listening port",
          "connect() was answered by RST",
          "error.log: connect() failed (111: Connection refused)");
  static final CauseRule POOL =
      new CauseRule(
          List.of("poolTimeout"),
          Whose.POOL,
          "connection pool",
          "every connection of the pool was handed out for connectionTimeout",
          "HikariPool - Connection is not available, request timed out;  active = maximumPoolSize");
  static final CauseRule MAX_CONNECTIONS =
      new CauseRule(
          List.of(REFUSED_BY_DATABASE),
          Whose.DATABASE,
          "max_connections",
          "the database had no slot left for a connection",
          "FATAL: sorry, too many clients already;  select count(*) from pg_stat_activity");
  static final CauseRule BROKEN =
      new CauseRule(
          List.of("ECONNRESET", "EPIPE", "prematureClose"),
          Whose.PEER,
          "connections that the peer had ended",
          "a request was sent on a connection that the other side had closed or forgotten",
          "application log: An I/O error occurred while sending to the backend");
  static final CauseRule SOCKET_TIMEOUT =
      new CauseRule(
          List.of("socketTimeout"),
          Whose.DATABASE,
          "answers of the database",
          "the driver's socketTimeout ended the wait for an answer",
          "application log: java.net.SocketTimeoutException: Read timed out");
  static final CauseRule READ_ONLY =
      new CauseRule(
          List.of("readOnly"),
          Whose.DATABASE,
          "a database that takes writes",
          "a standby that was not promoted yet refused to write",
          "ERROR: cannot execute INSERT in a read-only transaction");
  static final CauseRule UNKNOWN_HOST =
      new CauseRule(
          List.of("unknownHost"),
          Whose.RESOLVER,
          "answers of the resolver",
          "the database's name could not be resolved",
          "application log: java.net.UnknownHostException");
  static final CauseRule NO_IDLE_CONNECTION =
      new CauseRule(
          List.of("noIdleConnection"),
          Whose.CLIENTS,
          "connections that the load holds",
          "all connections that the load holds were busy when a request was due",
          "the application's own log: nothing of it is seen on the network");
  static final CauseRule CLIENT_TIMEOUT =
      new CauseRule(
          List.of("clientTimeout"),
          Whose.CLIENTS,
          "patience of the clients",
          "the clients' timeout ended before a response",
          "access.log: status 499");
  static final CauseRule NO_ACKNOWLEDGEMENT =
      new CauseRule(
          List.of(),
          Whose.PEER,
          "acknowledgements",
          "requests are sent again and again, and nobody acknowledges them",
          "ss -ti: backoff, retrans;  nstat TcpRetransSegs");
  static final CauseRule NO_RESPONSE =
      new CauseRule(
          List.of(),
          Whose.PEER,
          "responses",
          "requests wait for twice as long as any that was answered",
          "ss -ti: no unacked, lastrcv grows");

  private final List<String> causes;
  private final Whose whose;
  private final String resource;
  private final String evidence;
  private final String onARealHost;

  private CauseRule(
      List<String> causes, Whose whose, String resource, String evidence, String onARealHost) {
    this.causes = causes;
    this.whose = whose;
    this.resource = resource;
    this.evidence = evidence;
    this.onARealHost = onARealHost;
  }

  String resource() {
    return resource;
  }

  /** Whose it is where nothing tells the hosts apart. */
  String host(RunResult result) {
    return whose.host(result, causes);
  }

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    List<Diagnosis> found = new ArrayList<>();
    if (whose.isOnTheWay()) {
      for (LostRequests lost : result.facilities().lost()) {
        Ledger.Taken there = Ledger.Taken.NOTHING;
        if (causes.contains(lost.cause())) {
          there = ledger.take(lost.cause(), lost.requests());
        }
        if (!there.isNothing()) {
          found.add(diagnosis(result, lost.upstream(), there.during(lost.when()), ""));
        }
      }
    }
    Ledger.Taken taken = ledger.take(causes, List.of());
    if (taken.isNothing()) {
      return found;
    }
    String host = host(result);
    if (causes.contains(REFUSED_BY_DATABASE)) {
      // Who waits while a host boots is refused although it was due before.
      taken = taken.during(taken.span().from(firstRefusalNs(result, host)));
    }
    found.add(diagnosis(result, host, taken, ""));
    return found;
  }

  /** The same, where something else shows it. */
  Diagnosis told(RunResult result, Ledger.Taken taken, String shown) {
    return Diagnosis.of(result, resource, host(result), "", taken, shown, onARealHost);
  }

  /**
   * What it says about requests.
   *
   * @param more added to the evidence
   */
  Diagnosis diagnosis(RunResult result, String host, Ledger.Taken taken, String more) {
    return Diagnosis.of(result, resource, host, "", taken, evidence + more, onARealHost);
  }

  private static long firstRefusalNs(RunResult result, String host) {
    return result.apps().entrySet().stream()
        .filter(app -> app.getKey().startsWith(host + "/"))
        .mapToLong(app -> app.getValue().getOrDefault(DatabaseReport.FIRST_REFUSED_MS, -1L))
        .filter(ms -> ms >= 0)
        .map(ms -> ms * MS_NS)
        .min()
        .orElse(0);
  }
}
