package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.Mishap;
import dev.halfopen.tcp.Mib;
import java.util.List;
import java.util.Optional;

/**
 * Lets a rule explain requests only where something is known to have gone wrong that leads to what
 * they show. Who waits or gave up for no recorded reason stays unexplained.
 */
final class EvidencedRule implements DiagnosisRule {
  private final DiagnosisRule rule;
  private final Waiting waiting;

  /**
   * Makes a rule that asks for evidence.
   *
   * @param waiting what the requests lacked: an acknowledgement (segments were lost) or a response
   */
  EvidencedRule(DiagnosisRule rule, Waiting waiting) {
    this.rule = rule;
    this.waiting = waiting;
  }

  /** What happened, from and to when. */
  private record Evidence(String text, long fromNs, long toNs) {}

  @Override
  public Optional<Diagnosis> examine(RunResult result, Ledger ledger) {
    return evidence(result)
        .flatMap(evidence -> rule.examine(result, ledger).map(d -> with(d, evidence, result)));
  }

  private static Diagnosis with(Diagnosis d, Evidence evidence, RunResult result) {
    String span =
        Figures.secondsText(evidence.fromNs())
            + " to "
            + Figures.secondsText(Math.min(evidence.toNs(), result.endNs()));
    return new Diagnosis(
        d.resource(),
        d.host(),
        d.detail(),
        d.fromNs(),
        d.toNs(),
        d.failed(),
        d.unfinished(),
        d.evidence() + "; " + evidence.text() + " (" + span + ")",
        d.onARealHost());
  }

  private Optional<Evidence> evidence(RunResult result) {
    boolean lost = result.hostWithMost(Mib.RETRANS_SEGS).isPresent();
    List<Mishap> mishaps =
        Mishap.of(result.scenario().world()).stream()
            .filter(m -> m.fromNs() < result.endNs() && (!m.isSilent() || lost))
            .toList();
    if (waiting == Waiting.ACKNOWLEDGEMENT) {
      return first(mishaps.stream().filter(Mishap::isSilent).toList());
    }
    return first(mishaps).or(() -> busy(result)).or(() -> queued(result));
  }

  private static Optional<Evidence> first(List<Mishap> mishaps) {
    return mishaps.stream().findFirst().map(m -> new Evidence(m.text(), m.fromNs(), m.toNs()));
  }

  /** An accept queue was full: who is in it is connected, and nobody reads the request. */
  private static Optional<Evidence> queued(RunResult result) {
    return result.facilities().limits().stream()
        .filter(l -> l.use().resource().equals(LimitUse.ACCEPT_QUEUE) && l.refusals() > 0)
        .findFirst()
        .map(
            l ->
                new Evidence(
                    "the accept queue of " + l.use().host() + " was full",
                    l.use().atNs(),
                    Long.MAX_VALUE));
  }

  /** All workers of a server were busy. */
  private static Optional<Evidence> busy(RunResult result) {
    return result.appResources().stream()
        .filter(r -> r.resource().equals(LimitUse.WORKERS) && r.limit() > 0 && r.share() >= 1)
        .findFirst()
        .map(
            r ->
                new Evidence(
                    "all workers of " + r.host() + " were busy", r.atNs(), Long.MAX_VALUE));
  }
}
