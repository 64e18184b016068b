package dev.halfopen.report;

import dev.halfopen.app.FailureCause;
import dev.halfopen.app.IntervalCounts;
import dev.halfopen.app.LoadStats;
import dev.halfopen.app.SeenAs;
import dev.halfopen.app.Waiting;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reads everything that a report needs out of a world that has run. */
public final class Collector {
  private final Scenario scenario;
  private final Assembly assembly;
  private final Recorder recorder;

  public Collector(Scenario scenario, Assembly assembly, Recorder recorder) {
    this.scenario = scenario;
    this.assembly = assembly;
    this.recorder = recorder;
  }

  /** Closes the books and reads them; once, at the end. */
  public RunResult collect(Ending ending, String endReason, RunResult.Machine machine) {
    long endNs = assembly.world().nowNs();
    assembly.loads().forEach(load -> load.farm().finish(endNs));
    List<HostResult> hosts = assembly.spec().hosts().stream().map(this::host).toList();
    long syns = assembly.world().floodSyns();
    for (HostResult host : hosts) {
      syns += host.counter(Mib.ACTIVE_OPENS) + host.counter(Mib.SYN_RETRANS);
    }
    return new RunResult(
        scenario,
        ending,
        endReason,
        endNs,
        assembly.world().digest(),
        new RunResult.Work(
            assembly.world().events(),
            assembly.world().packetsSent(),
            assembly.world().connections(),
            syns),
        hosts,
        assembly.loads().stream().map(load -> load(load, endNs)).toList(),
        ReverseProxyReport.ports(assembly),
        Latencies.of(assembly.loads().stream().map(l -> l.farm().stats()).toList(), endNs),
        ReverseProxyReport.proxies(assembly),
        RoleReports.figures(assembly),
        RoleReports.resources(assembly),
        FacilitiesReader.read(assembly),
        recorder.table(),
        machine);
  }

  private HostResult host(HostSpec spec) {
    HostTcp tcp = Recorder.tcp(assembly, spec);
    SocketGauges gauges = tcp.gauges();
    List<Long> counters =
        IntStream.range(0, Mib.COUNT).mapToObj(i -> counter(tcp, gauges, i)).toList();
    IntStream all = IntStream.range(0, SocketGauges.COUNT);
    List<Integer> indices = all.boxed().toList();
    return new HostResult(
        spec,
        counters,
        indices.stream().map(i -> (long) gauges.value(i)).toList(),
        indices.stream().map(i -> (long) gauges.peak(i)).toList(),
        indices.stream().map(gauges::peakAtNs).toList());
  }

  /** TcpCurrEstab is a gauge in the kernel's tables too. */
  private static long counter(HostTcp tcp, SocketGauges gauges, int mib) {
    return mib == Mib.CURR_ESTAB
        ? gauges.value(SocketGauges.ESTABLISHED) + gauges.value(SocketGauges.CLOSE_WAIT)
        : tcp.counter(mib);
  }

  private LoadResult load(Assembly.Load load, long endNs) {
    LoadStats stats = load.farm().stats();
    Map<String, Long> failures = new TreeMap<>();
    Map<String, Span> spans = new TreeMap<>();
    for (FailureCause cause : FailureCause.values()) {
      if (stats.failures(cause) > 0) {
        failures.put(cause.label(), stats.failures(cause));
        spans.put(cause.label(), new Span(stats.firstDueNs(cause), stats.lastDueNs(cause)));
      }
    }
    Map<String, Long> seenAs = new TreeMap<>();
    for (SeenAs seen : SeenAs.values()) {
      if (stats.seenAs(seen) > 0) {
        seenAs.put(seen.label(), stats.seenAs(seen));
      }
    }
    Map<String, Long> waiting = new LinkedHashMap<>();
    for (Waiting kind : Waiting.values()) {
      waiting.put(kind.label(), stats.waiting(kind));
    }
    long oldest = stats.oldestUnfinishedDueNs();
    return new LoadResult(
        load.spec().name(),
        stats.offered(),
        stats.succeeded(),
        stats.failed(),
        stats.unfinished(),
        stats.attempts(),
        stats.retries(),
        stats.retriesRefused(),
        failures,
        spans,
        seenAs,
        waiting,
        stats.firstFailureDueNs(),
        recorder.lastFailureNs() < 0 ? stats.firstFailureDueNs() : recorder.lastFailureNs(),
        stats.succeededBeforeFirstFailure(),
        stats.firstReturnDueNs(),
        stats.longestOutageNs(),
        oldest == LoadStats.NEVER ? 0 : endNs - oldest,
        curve(stats.successes(), endNs),
        stats.lastFailureNs(),
        servers(load),
        Latencies.of(stats));
  }

  /** The last one stands for requests that no server was chosen for. */
  private List<LoadResult.AtServer> servers(Assembly.Load load) {
    LoadStats stats = load.farm().stats();
    List<HostSpec> hosts = assembly.spec().group(load.spec().to());
    List<LoadResult.AtServer> all = new ArrayList<>();
    for (int i = 0; i <= stats.servers(); i++) {
      Map<String, LoadResult.Fate> failures = new TreeMap<>();
      Map<String, LoadResult.Fate> waiting = new TreeMap<>();
      for (FailureCause cause : FailureCause.values()) {
        if (stats.failures(cause, i) > 0) {
          Span due = new Span(stats.firstDueNs(cause, i), stats.lastDueNs(cause, i));
          failures.put(cause.label(), new LoadResult.Fate(true, stats.failures(cause, i), due));
        }
      }
      for (Waiting kind : Waiting.values()) {
        if (stats.waiting(kind, i) > 0) {
          Span due = new Span(stats.firstWaitingDueNs(kind, i), stats.lastWaitingDueNs(kind, i));
          waiting.put(kind.label(), new LoadResult.Fate(false, stats.waiting(kind, i), due));
        }
      }
      String host = i < stats.servers() ? hosts.get(i).name() : "";
      all.add(new LoadResult.AtServer(host, failures, waiting));
    }
    return all;
  }

  private static SuccessCurve curve(IntervalCounts counts, long endNs) {
    long[] values = new long[Math.toIntExact(endNs / counts.intervalNs() + 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = counts.at(i);
    }
    return new SuccessCurve(counts.intervalNs(), values);
  }
}
