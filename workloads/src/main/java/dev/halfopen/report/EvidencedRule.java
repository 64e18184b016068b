package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.HeldLoad;
import dev.halfopen.scenario.LoadSpec;
import dev.halfopen.scenario.RequestLoad;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets a rule explain requests only where something is known to have gone wrong at the host that
 * they went to, on the way there, or where that host in turn waits ({@link Reasons}). Who waits or
 * gave up for no recorded reason stays unexplained.
 */
final class EvidencedRule implements DiagnosisRule {
  private final CauseRule rule;
  private final Optional<Waiting> waiting;

  private EvidencedRule(CauseRule rule, Optional<Waiting> waiting) {
    this.rule = rule;
    this.waiting = waiting;
  }

  /** For requests that still wait. */
  static EvidencedRule waiting(CauseRule rule, Waiting kind) {
    return new EvidencedRule(rule, Optional.of(kind));
  }

  /** For requests that clients gave up. */
  static EvidencedRule gaveUp(CauseRule rule) {
    return new EvidencedRule(rule, Optional.empty());
  }

  /** What a reason explains. */
  private record Explained(Reasons.Reason reason, Ledger.Taken taken) {}

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    Reasons reasons = new Reasons(result);
    Map<String, Explained> byHost = new LinkedHashMap<>();
    List<Ledger.Entry> entries =
        waiting.map(ledger::waiting).orElseGet(() -> ledger.failed(Shortages.CLIENT_TIMEOUT));
    for (Ledger.Entry entry : entries) {
      Optional<Reasons.Reason> reason = reason(reasons, result, entry);
      if (reason.isEmpty()) {
        continue;
      }
      // What a host waits for explains each of its clients once.
      long most = reason.get().most();
      long open = most == Long.MAX_VALUE ? most : most - ledger.explained(entry);
      Ledger.Taken taken = ledger.take(entry, open);
      if (!taken.isNothing()) {
        byHost.merge(
            reason.get().host(),
            new Explained(reason.get(), taken),
            (a, b) -> new Explained(a.reason(), a.taken().plus(b.taken())));
      }
    }
    List<Diagnosis> found = new ArrayList<>();
    byHost.values().forEach(e -> found.add(diagnosis(result, e)));
    return found;
  }

  private Optional<Reasons.Reason> reason(Reasons reasons, RunResult result, Ledger.Entry entry) {
    LoadSpec load =
        result.scenario().world().loads().stream()
            .filter(l -> entry.isOf(l.name()))
            .findFirst()
            .orElseThrow();
    if (waiting.isPresent()) {
      return reasons.whyTheyWait(load.from(), entry.server(), waiting.get(), entry.due());
    }
    Span due = entry.due();
    Span when = new Span(due.firstNs(), due.lastNs() + timeoutNs(load));
    return reasons.whyTheyGaveUp(load.from(), entry.server(), when);
  }

  private static long timeoutNs(LoadSpec load) {
    if (load instanceof RequestLoad requests) {
      return requests.timeoutNs();
    }
    return load instanceof HeldLoad held ? held.timeoutNs() : 0;
  }

  private Diagnosis diagnosis(RunResult result, Explained explained) {
    Reasons.Reason reason = explained.reason();
    String span =
        Figures.secondsText(reason.fromNs())
            + " to "
            + Figures.secondsText(Math.min(reason.toNs(), result.endNs()));
    String host = waiting.isPresent() ? reason.host() : rule.host(result);
    return rule.diagnosis(
        result, host, explained.taken(), "; " + reason.text() + " (" + span + ")");
  }
}
