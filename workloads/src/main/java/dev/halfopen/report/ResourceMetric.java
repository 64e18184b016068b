package dev.halfopen.report;

import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.DatabaseSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.MetricSpec;
import dev.halfopen.scenario.ValueKind;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import java.util.List;
import java.util.Optional;

/** How far a resource of a host was used, by the name that thresholds and sweeps give it. */
final class ResourceMetric {
  private ResourceMetric() {}

  /** The tightest of all hosts that the metric names; NaN where none has such a resource. */
  static double value(MetricSpec metric, ValueKind kind, RunResult result) {
    List<ResourceUse> all = ResourceUse.of(result);
    double most = Double.NaN;
    for (HostSpec host : result.scenario().world().group(metric.subject())) {
      if (metric.statistic().equals("waiting")) {
        String app = host.name() + "/" + metric.argument();
        Optional<Long> waiting =
            Optional.ofNullable(result.apps().get(app))
                .map(figures -> figures.get(ConnectionPoolReport.WAITING_PEAK));
        most = waiting.isPresent() ? larger(most, (double) waiting.get()) : most;
        continue;
      }
      if (metric.name().equals("timewait")) {
        // Of clients as well, which are not among the resources.
        Optional<Double> here = result.host(host.name()).map(h -> timeWaits(h, kind));
        most = here.isPresent() ? larger(most, here.get()) : most;
        continue;
      }
      for (ResourceUse use : all) {
        if (use.host().equals(host.name()) && isNamed(use, metric, host)) {
          most = larger(most, kind == ValueKind.SHARE ? use.share() : (double) use.peak());
        }
      }
    }
    return most;
  }

  private static double timeWaits(HostResult host, ValueKind kind) {
    double peak = host.peak(SocketGauges.TIME_WAIT);
    return kind == ValueKind.SHARE
        ? peak / host.spec().sysctls().get(Sysctl.TCP_MAX_TW_BUCKETS)
        : peak;
  }

  private static double larger(double most, double value) {
    return Double.isNaN(most) ? value : Math.max(most, value);
  }

  private static boolean isNamed(ResourceUse use, MetricSpec metric, HostSpec host) {
    String resource = use.resource();
    return switch (metric.name()) {
      case "synQueue" -> resource.equals(LimitUse.SYN_QUEUE) && isAt(use, metric);
      case "acceptQueue" -> resource.equals(LimitUse.ACCEPT_QUEUE) && isAt(use, metric);
      case "conntrack" -> resource.equals(LimitUse.CONNTRACK);
      case "cpu" -> resource.equals(LimitUse.CPU);
      case "files" -> resource.equals(LimitUse.OPEN_FILES);
      case "pool" ->
          resource.equals(ConnectionPoolReport.POOL) && use.detail().equals(metric.argument());
      // Of a server without a detail there is one on its host.
      case "workers" ->
          resource.equals(LimitUse.WORKERS)
              && (use.detail().isEmpty() || use.detail().equals(metric.argument()));
      default -> isConnections(use, host.listener(Integer.parseInt(metric.argument())));
    };
  }

  /** A host with one port only has it not in the detail. */
  private static boolean isAt(ResourceUse use, MetricSpec metric) {
    return use.detail().isEmpty() || use.detail().equals(":" + metric.argument());
  }

  private static boolean isConnections(ResourceUse use, Optional<AppPlace> listener) {
    if (listener.isEmpty()) {
      return false;
    }
    return listener.get().spec() instanceof DatabaseSpec
        ? use.resource().equals(DatabaseReport.MAX_CONNECTIONS)
            && use.detail().equals(listener.get().name())
        : use.resource().equals(LimitUse.WORKER_CONNECTIONS);
  }
}
