package dev.halfopen.report;

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
      json.text("evidence", d.evidence());
      json.text("onARealHost", d.onARealHost());
      json.array("remedies").endArray();
      json.endObject();
    }
    json.endArray();
    json.number("unexplained", report.unexplained());
    resources();
    list("notes", report.notes());
    list("warnings", report.warnings());
    list("notModelled", report.notModelled());
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
      json.endObject();
    }
    json.endArray();
  }

  private void list(String key, java.util.List<String> items) {
    json.array(key);
    items.forEach(json::item);
    json.endArray();
  }
}
