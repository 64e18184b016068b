package dev.halfopen.report;

import java.util.List;
import java.util.Optional;

/** Requests that met a kept connection which the upstream was closing, and must not be repeated. */
final class StaleConnectionRule implements DiagnosisRule {
  static final String RESOURCE = "kept upstream connections";
  private static final String CAUSE = "prematureClose";

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    Optional<RunResult.ProxyFigures> proxy =
        result.proxies().stream().filter(p -> p.reused() > 0).findFirst();
    if (proxy.isEmpty()) {
      return List.of();
    }
    Ledger.Taken taken = ledger.take(CAUSE);
    if (taken.isNothing()) {
      return List.of();
    }
    return List.of(
        Diagnosis.of(
            result,
            RESOURCE,
            proxy.get().host(),
            "",
            taken,
            "the upstream closed a kept connection while a request that must not be repeated was on"
                + " its way: its idle timeout ends before the proxy's",
            "error.log: upstream prematurely closed connection while reading response header;"
                + "  502 for POST only"));
  }
}
