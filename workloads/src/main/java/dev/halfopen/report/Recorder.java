package dev.halfopen.report;

import dev.halfopen.app.LoadStats;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Samples a running world: socket states per group as {@code ss -s} counts them, ports in use,
 * requests. It reads and changes nothing.
 */
public final class Recorder {
  private static final List<Integer> GAUGES =
      List.of(
          SocketGauges.ESTABLISHED,
          SocketGauges.SYN_RECV,
          SocketGauges.TIME_WAIT,
          SocketGauges.ORPHANED);

  private final MemoryBudget budget;
  private final List<List<HostTcp>> groups = new ArrayList<>();
  private List<RoleReport.Column> appColumns = List.of();
  private @Nullable Assembly assembly;
  private TimeTable table = new TimeTable(List.of());
  private long[] row = {};
  private long[] before = {};
  private long failedBefore;
  private long lastFailureNs = -1;

  /**
   * Makes a recorder of nothing yet.
   *
   * @param budget that the world's tables are taken from
   */
  public Recorder(MemoryBudget budget) {
    this.budget = budget;
  }

  /** What the columns of socket states end with. */
  static List<String> stateNames() {
    return GAUGES.stream().map(SocketGauges::name).toList();
  }

  /** The column of a group's sockets in a state. */
  static String column(String group, int gauge) {
    return group + "." + SocketGauges.name(gauge);
  }

  /** Chooses the columns; to be called before the world runs. */
  public void observe(Assembly world) {
    assembly = world;
    List<String> columns = new ArrayList<>(List.of("offered", "succeeded", "failed", "unfinished"));
    Set<String> names = new LinkedHashSet<>();
    world.spec().hosts().forEach(h -> names.add(h.group()));
    for (String group : names) {
      groups.add(world.spec().group(group).stream().map(h -> tcp(world, h)).toList());
      GAUGES.forEach(g -> columns.add(column(group, g)));
    }
    appColumns = new ArrayList<>(HostColumns.of(world));
    appColumns.addAll(RoleReports.columns(world));
    appColumns.forEach(c -> columns.add(c.name()));
    columns.add("memoryBytes");
    table = new TimeTable(columns);
    row = new long[columns.size()];
    before = new long[3];
  }

  static HostTcp tcp(Assembly assembly, HostSpec host) {
    Host coreHost = assembly.host(host.name());
    return assembly.world().tcp(coreHost);
  }

  /** The samples so far. */
  TimeTable table() {
    return table;
  }

  /** The sample before which the last failure fell; -1 without one. */
  long lastFailureNs() {
    return lastFailureNs;
  }

  /** Adds a row; rates are counts since the row before. */
  public void sample(long nowNs) {
    Assembly world = assembly;
    if (world == null || (nowNs > 0 && world.loads().isEmpty())) {
      return;
    }
    int column = requests(nowNs, world);
    for (List<HostTcp> group : groups) {
      for (int gauge : GAUGES) {
        long sum = 0;
        for (HostTcp tcp : group) {
          sum += tcp.gauges().value(gauge);
        }
        row[column++] = sum;
      }
    }
    for (RoleReport.Column c : appColumns) {
      row[column++] = c.value().getAsLong();
    }
    row[column] = budget.usedBytes();
    table.add(nowNs, row);
  }

  private int requests(long nowNs, Assembly world) {
    long[] now = new long[3];
    long unfinished = 0;
    for (Assembly.Load load : world.loads()) {
      LoadStats stats = load.farm().stats();
      now[0] += stats.offered();
      now[1] += stats.succeeded();
      now[2] += stats.failed();
      unfinished += stats.unfinished();
    }
    for (int i = 0; i < now.length; i++) {
      row[i] = now[i] - before[i];
    }
    before = now;
    row[now.length] = unfinished;
    if (now[2] > failedBefore) {
      failedBefore = now[2];
      lastFailureNs = nowNs;
    }
    return now.length + 1;
  }
}
