package dev.halfopen.report;

import dev.halfopen.scenario.FaultSpec;
import dev.halfopen.scenario.HostSysctls;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** summary.json, the contract with scripts; keys come in one order, numbers in one notation. */
public final class SummaryJson {
  private static final int SCHEMA = 1;
  private static final int DIGITS = 6;
  private static final double MS_NS = 1e6;

  private final Report report;
  private final RunResult result;
  private final JsonWriter json = new JsonWriter();

  private SummaryJson(Report report) {
    this.report = report;
    this.result = report.result();
  }

  public static String of(Report report) {
    SummaryJson summary = new SummaryJson(report);
    summary.write();
    return summary.json.text();
  }

  /** 16 hex digits. */
  public static String hex(long digest) {
    return String.format(Locale.ROOT, "%016x", digest);
  }

  private void write() {
    json.object();
    json.number("schema", SCHEMA);
    json.text("workload", result.scenario().world().name());
    json.number("seed", result.scenario().world().seed());
    json.text("digest", hex(result.digest()));
    json.flag("partial", result.isPartial());
    json.text("verdict", report.verdict());
    hosts();
    parameters();
    simulated();
    faults();
    requests("requests", result.total());
    json.object("loads");
    result.loads().forEach(load -> requests(load.name(), load));
    json.endObject();
    proxies();
    apps();
    BreakdownTable.of(result).write(json);
    VariantTable.write(report, json);
    latency();
    expectations();
    thresholds();
    new DiagnosisJson(json, report).write();
    machine();
    json.endObject();
  }

  /** What the scenario had go wrong, and when: marks in the report's charts. */
  private void faults() {
    List<FaultSpec> faults =
        result.scenario().world().faults().stream()
            .filter(fault -> fault.atNs() <= result.endNs())
            .toList();
    if (faults.isEmpty()) {
      return;
    }
    json.array("faults");
    for (FaultSpec fault : faults) {
      json.object().text("name", fault.name());
      json.number("atSeconds", Figures.seconds(fault.atNs()), DIGITS).endObject();
    }
    json.endArray();
  }

  private void hosts() {
    json.object("hosts");
    for (HostResult host : result.hosts()) {
      HostSysctls sysctls = host.spec().sysctls();
      json.object(host.name());
      json.text("kernel", sysctls.kernel().name());
      json.number("hz", sysctls.hz());
      json.object("sysctl");
      for (Map.Entry<String, HostSysctls.Value> e : sysctls.all().entrySet()) {
        json.object(e.getKey());
        json.text("value", e.getValue().text()).text("origin", e.getValue().origin());
        json.endObject();
      }
      json.endObject();
      json.object("counters");
      for (int i = 0; i < Mib.COUNT; i++) {
        json.number(Mib.name(i), host.counter(i));
      }
      json.endObject();
      json.object("sockets");
      for (int i = 0; i < SocketGauges.COUNT; i++) {
        json.number(SocketGauges.name(i), host.socketsAtEnd(i));
      }
      json.endObject();
      json.object("peakSockets");
      for (int i = 0; i < SocketGauges.COUNT; i++) {
        json.number(SocketGauges.name(i), host.peak(i));
      }
      json.endObject();
      json.endObject();
    }
    json.endObject();
  }

  private void parameters() {
    json.object("parameters");
    for (Scenario.ParameterValue p : result.scenario().parameters()) {
      json.object(p.name()).text("value", p.value()).text("origin", p.origin()).endObject();
    }
    json.endObject();
  }

  private void simulated() {
    json.object("simulated");
    json.number("seconds", Figures.seconds(result.endNs()), 9);
    json.number("events", result.work().events());
    json.number("packets", result.work().packets());
    json.number("connections", result.work().connections());
    json.number("syns", result.work().syns());
    json.endObject();
  }

  private void requests(String key, LoadResult load) {
    json.object(key);
    json.number("offered", load.offered());
    json.number("succeeded", load.succeeded());
    json.number("failed", load.failed());
    json.number("unfinished", load.unfinished());
    json.number("attempts", load.attempts());
    json.number("retries", load.retries());
    json.number("retriesRefused", load.retriesRefused());
    json.object("failures");
    load.failures().forEach(json::number);
    json.endObject();
    json.object("seenAs");
    load.seenAs().forEach(json::number);
    json.endObject();
    json.object("waiting");
    load.waiting().forEach(json::number);
    json.endObject();
    if (load.firstFailureNs() < 0) {
      json.nothing("firstFailureSeconds");
    } else {
      json.number("firstFailureSeconds", Figures.seconds(load.firstFailureNs()), DIGITS);
    }
    json.number("longestOutageSeconds", Figures.seconds(load.longestOutageNs()), DIGITS);
    json.number("oldestUnfinishedSeconds", Figures.seconds(load.oldestUnfinishedNs()), DIGITS);
    json.endObject();
  }

  private void proxies() {
    json.object("proxies");
    for (RunResult.ProxyFigures p : result.proxies()) {
      json.object(p.host());
      json.number("upstreamConnections", p.opened());
      json.number("reused", p.reused());
      json.number("retries", p.retries());
      json.number("noLiveUpstreams", p.noLiveUpstreams());
      json.object("closedFirst");
      json.number("proxy", p.closedByProxy());
      json.number("upstream", p.closedByUpstream());
      json.number("error", p.closedByError());
      json.endObject();
      json.endObject();
    }
    json.endObject();
  }

  private void apps() {
    json.object("apps");
    result
        .apps()
        .forEach(
            (app, figures) -> {
              json.object(app);
              figures.forEach(
                  (key, value) -> {
                    if (!BreakdownTable.isOfHistogram(key)) {
                      json.number(key, value);
                    }
                  });
              json.endObject();
            });
    json.endObject();
  }

  private void latency() {
    json.object("latency");
    for (LatencyResult latency : result.latencies()) {
      Histogram h = latency.total();
      json.object(latency.name());
      json.number("p50Ms", ms(h, 50), DIGITS);
      json.number("p90Ms", ms(h, 90), DIGITS);
      json.number("p99Ms", ms(h, 99), DIGITS);
      json.number("p999Ms", ms(h, 99.9), DIGITS);
      json.number("maxMs", ms(h, 100), DIGITS);
      json.number("count", h.getTotalCount());
      json.endObject();
    }
    json.endObject();
  }

  private static double ms(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / MS_NS;
  }

  private void expectations() {
    json.array("expectations");
    for (Expectation e : report.expectations()) {
      json.object();
      json.text("name", e.name());
      json.text("kind", e.kind());
      Optional<Expectation.Bounds> bounds = e.bounds();
      optional("expected", bounds.map(Expectation.Bounds::expected));
      optional("low", bounds.map(Expectation.Bounds::low));
      optional("high", bounds.map(Expectation.Bounds::high));
      optional("simulated", e.simulated());
      json.text("unit", e.unit());
      json.text("source", e.source());
      if (e.isApplicable()) {
        json.flag("holds", e.holds()).nothing("notApplicable");
      } else {
        json.nothing("holds").text("notApplicable", e.notApplicable());
      }
      json.endObject();
    }
    json.endArray();
  }

  private void thresholds() {
    json.array("thresholds");
    for (ThresholdResult t : report.thresholds()) {
      json.object();
      json.text("text", t.spec().text());
      json.number("value", t.jsonValue(), 9);
      json.flag("holds", t.holds());
      json.endObject();
    }
    json.endArray();
  }

  private void optional(String key, Optional<Double> value) {
    if (value.isPresent()) {
      json.number(key, value.get(), DIGITS);
    } else {
      json.nothing(key);
    }
  }

  private void machine() {
    RunResult.Machine m = result.machine();
    RunResult.Work work = result.work();
    double cpu = Figures.seconds(m.cpuNs());
    json.object("machine");
    json.text("version", m.version());
    json.text("java", m.java());
    threads(m.threads());
    json.number("wallSeconds", Figures.seconds(m.wallNs()), 3);
    json.number("cpuSeconds", cpu, 3);
    json.number("eventsPerSecond", perSecond(work.events(), cpu));
    json.number("packetsPerSecond", perSecond(work.packets(), cpu));
    json.number("connectionsPerSecond", perSecond(work.connections(), cpu));
    json.number("synsPerSecond", perSecond(work.syns(), cpu));
    json.number("bytesPerEstablished", m.memory().bytesPerEstablished(), 1);
    json.number("bytesPerIdle", m.memory().bytesPerIdle(), 1);
    json.number("bytesPerTimeWait", m.memory().bytesPerTimeWait(), 1);
    json.number("bytesPerSynRecv", m.memory().bytesPerSynRecv(), 1);
    memory(m.memory());
    json.endObject();
  }

  private void memory(MemoryBill bill) {
    json.object("memory");
    json.number("limitBytes", bill.limitBytes());
    json.number("peakBytes", bill.peakBytes());
    json.number("bytes", bill.bytes());
    json.object("tables");
    for (MemoryBill.Item item : bill.items()) {
      json.object(item.name());
      json.number("bytes", item.bytes());
      json.number("peakRows", item.peakRows());
      json.number("bytesPerRow", item.bytesPerRow(), 1);
      json.endObject();
    }
    json.endObject();
    json.endObject();
  }

  private void threads(ThreadUse threads) {
    json.number("threads", threads.used());
    json.number("threadsAsked", threads.asked());
    if (threads.why().isEmpty()) {
      json.nothing("threadsUnused");
    } else {
      json.text("threadsUnused", threads.why());
    }
    json.number("shards", threads.shards());
    if (threads.shards() == 1) {
      json.nothing("windowSeconds");
    } else {
      json.number("windowSeconds", Figures.seconds(threads.windowNs()), 9);
    }
    json.number("windows", threads.windows());
    json.number("windowsShared", threads.shared());
    json.number("eventsPerWindow", threads.eventsPerWindow());
  }

  private static long perSecond(long count, double seconds) {
    return seconds <= 0 ? 0 : (long) (count / seconds);
  }
}
