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
