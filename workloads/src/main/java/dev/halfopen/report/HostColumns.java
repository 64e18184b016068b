package dev.halfopen.report;

import dev.halfopen.app.AppServer;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.metrics.Gauge;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.Host;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.HostTcp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Columns of timeseries.csv for what {@link FacilitiesReader} knows the peaks of: queues, tables,
 * cores and applications' limits, the sum of a group's hosts.
 */
final class HostColumns {
  static final String ACCEPT_QUEUE = ".acceptQueue";
  static final String CONNTRACK = ".conntrack";
  static final String CPU_QUEUE = ".cpuQueue";
  static final String WORKERS = ".workers";
  static final String CONNECTIONS = ".connections";
  static final String OPEN_FILES = ".openFiles";

  private final Map<String, List<IntSupplier>> columns = new LinkedHashMap<>();

  private HostColumns() {}

  static List<RoleReport.Column> of(Assembly world) {
    HostColumns all = new HostColumns();
    for (HostSpec host : world.spec().hosts()) {
      all.host(host, world);
    }
    for (Assembly.App app : world.apps()) {
      all.app(app);
    }
    List<RoleReport.Column> result = new ArrayList<>();
    all.columns.forEach((name, parts) -> result.add(new RoleReport.Column(name, () -> sum(parts))));
    return result;
  }

  private static long sum(List<IntSupplier> parts) {
    long sum = 0;
    for (IntSupplier part : parts) {
      sum += part.getAsInt();
    }
    return sum;
  }

  private void host(HostSpec spec, Assembly world) {
    Host host = world.host(spec.name());
    if (spec.apps().stream().map(AppPlace::spec).anyMatch(app -> app.port() != 0)) {
      HostTcp tcp = Recorder.tcp(world, spec);
      add(spec.group() + ACCEPT_QUEUE, tcp::acceptQueued);
    }
    if (host.conntrack() != null) {
      gauge(spec.group() + CONNTRACK, host.conntrack().entries());
    }
    Cpu cpu = host.cpu();
    if (cpu != null) {
      gauge(spec.group() + CPU_QUEUE, cpu.waiting());
    }
  }

  /** The column of an application, all hosts of its group together, that ends so. */
  static String of(Assembly.App app, String end) {
    return app.host().group() + "." + app.name() + end;
  }

  private void app(Assembly.App app) {
    if (app.app() instanceof OriginServer server) {
      gauge(of(app, WORKERS), server.workers());
      gauge(of(app, CONNECTIONS), server.connections());
      gauge(of(app, OPEN_FILES), server.files());
    } else if (app.app() instanceof AppServer server) {
      gauge(of(app, CONNECTIONS), server.connections());
      gauge(of(app, OPEN_FILES), server.files());
    } else if (app.app() instanceof ReverseProxy proxy) {
      gauge(of(app, CONNECTIONS), proxy.connections());
      gauge(of(app, OPEN_FILES), proxy.files());
    }
  }

  private void gauge(String name, Gauge gauge) {
    if (gauge.limit() > 0) {
      add(name, gauge::value);
    }
  }

  private void add(String name, IntSupplier part) {
    columns.computeIfAbsent(name, k -> new ArrayList<>()).add(part);
  }
}
