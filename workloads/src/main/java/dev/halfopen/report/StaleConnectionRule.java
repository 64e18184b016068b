package dev.halfopen.report;

import java.util.Optional;

/** Requests that met a kept connection which the upstream was closing, and must not be repeated. */
final class StaleConnectionRule implements DiagnosisRule {
  static final String RESOURCE = "kept upstream connections";
  private static final String CAUSE = "prematureClose";

  @Override
  public Optional<Diagnosis> examine(RunResult result) {
    long failures =
        result.total().failures().getOrDefault(CAUSE, 0L) - Shortages.explained(result, CAUSE);
    Optional<RunResult.ProxyFigures> proxy =
        result.proxies().stream().filter(p -> p.reused() > 0).findFirst();
    if (failures <= 0 || proxy.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnosis(
            RESOURCE,
            proxy.get().host(),
            "",
            result.total().firstFailureNs(),
            result.total().lastFailureNs(),
            failures,
            "the upstream closed a kept connection while a request that must not be repeated was on"
                + " its way: its idle timeout ends before the proxy's",
            "error.log: upstream prematurely closed connection while reading response header;"
                + "  502 for POST only"));
  }
}
