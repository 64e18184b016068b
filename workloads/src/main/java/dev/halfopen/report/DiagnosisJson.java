package dev.halfopen.report;

import java.util.List;

/** The part of summary.json that explains: diagnosis, resources, warnings, what is not modelled. */
final class DiagnosisJson {
  private static final int DIGITS = 6;

  private final JsonWriter json;
  private final Report report;

  DiagnosisJson(JsonWriter json, Report report) {
    this.json = json;
    this.report = report;
  }

  void write() {
    json.array("diagnosis");
    for (Diagnosis d : report.diagnoses()) {
      json.object();
      json.text("resource", d.resource());
      json.text("host", d.host());
      json.text("detail", d.detail());
      json.number("from", Figures.seconds(d.fromNs()), DIGITS);
      json.number("to", Figures.seconds(d.toNs()), DIGITS);
      json.number("explains", d.explains());
      json.number("explainsFailed", d.failed());
      json.number("explainsUnfinished", d.unfinished());
      json.text("evidence", d.evidence());
      json.text("onARealHost", d.onARealHost());
      remedies(report.remedies().getOrDefault(d, List.of()), d);
      json.endObject();
    }
    json.endArray();
    json.number("unexplained", report.unexplained());
    resources();
    list("notes", report.notes());
    list("warnings", report.warnings());
    list("notModelled", report.notModelled());
  }

  private void remedies(List<RemedyOutcome> outcomes, Diagnosis d) {
    json.array("remedies");
    for (RemedyOutcome outcome : outcomes) {
      json.object();
      json.text("change", outcome.change());
      json.object("settings");
      outcome.remedy().changes().forEach(json::text);
      json.endObject();
      outcome.effect().ifPresent(e -> effect(e, report.effect(d)));
      json.text("risk", outcome.remedy().risk());
      if (outcome.notApplicable().isEmpty()) {
        json.nothing("notApplicable");
      } else {
        json.text("notApplicable", outcome.notApplicable());
      }
      json.endObject();
    }
    json.endArray();
  }

  private void effect(RemedyOutcome.Effect e, RemedyOutcome.Effect before) {
    json.text("effect", e.text());
    json.text("verdict", e.verdict());
    json.number("offered", e.offered());
    json.number("failed", e.failed());
    json.number("unfinished", e.unfinished());
    json.number("hanging", e.hanging());
    json.number("longestHangSeconds", e.longestHangS(), DIGITS);
    if (e.firstFailureNs() < 0) {
      json.nothing("firstFailureSeconds");
    } else {
      json.number("firstFailureSeconds", Figures.seconds(e.firstFailureNs()), DIGITS);
    }
    json.number("p99Ms", e.p99Ms(), DIGITS);
    json.number("p99MsBefore", before.p99Ms(), DIGITS);
    json.number("socketBytes", e.socketBytes());
    json.number("socketBytesBefore", before.socketBytes());
    json.number("tableBytes", e.tableBytes());
  }

  private void resources() {
    json.array("resources");
    for (ResourceUse r : report.resources()) {
      json.object();
      json.text("resource", r.resource());
      json.text("host", r.host());
      json.text("detail", r.detail());
      json.number("peak", r.peak());
      json.number("limit", r.limit());
      json.number("share", r.share(), DIGITS);
      json.number("atSeconds", Figures.seconds(r.atNs()), DIGITS);
      json.text("limitFrom", r.limitFrom());
      json.text("series", r.series());
      json.endObject();
    }
    json.endArray();
  }

  private void list(String key, List<String> items) {
    json.array(key);
    items.forEach(json::item);
    json.endArray();
  }
}
