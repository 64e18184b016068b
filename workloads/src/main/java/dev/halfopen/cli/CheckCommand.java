package dev.halfopen.cli;

import dev.halfopen.report.Figures;
import dev.halfopen.scenario.EffectiveValue;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HostSysctls;
import dev.halfopen.scenario.RunEstimate;
import dev.halfopen.scenario.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Validates a scenario and prints what a run of it would use. */
@Command(
    name = "check",
    description =
        "Validates a scenario; prints every value with its origin, memory and time a run needs.")
final class CheckCommand extends HelpfulCommand {
  private final Streams streams;

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  CheckCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    Scenario scenario = options.read();
    VariantRun.scenario(scenario, options.overrides());
    scenario.warnings().forEach(w -> streams.err().println("warning: " + w));
    printParameters(scenario);
    print("value", rows(scenario.values()));
    printSysctls(scenario);
    RunEstimate estimate = RunEstimate.of(scenario.world());
    streams
        .out()
        .println(
            "needs about "
                + Figures.bytes(estimate.bytes())
                + " ("
                + estimate.reason()
                + "), "
                + Figures.grouped(estimate.packets())
                + " packets, some "
                + Figures.rate(estimate.seconds())
                + " s");
    estimate.check(options.nameOrFile(), options.memoryBytes());
    return ExitCode.FINE;
  }

  private void printParameters(Scenario scenario) {
    List<String[]> rows = new ArrayList<>();
    for (Scenario.ParameterValue p : scenario.parameters()) {
      rows.add(new String[] {p.name(), p.value(), p.origin() + "   " + p.meaning()});
    }
    print("parameter", rows);
  }

  private static List<String[]> rows(List<EffectiveValue> values) {
    List<String[]> rows = new ArrayList<>();
    for (EffectiveValue v : values) {
      if (!v.path().contains(".sysctl.")) {
        rows.add(new String[] {v.path(), v.value(), v.origin()});
      }
    }
    return rows;
  }

  private void printSysctls(Scenario scenario) {
    Set<String> seen = new LinkedHashSet<>();
    List<String[]> rows = new ArrayList<>();
    for (HostSpec host : scenario.world().hosts()) {
      if (seen.add(host.group())) {
        for (Map.Entry<String, HostSysctls.Value> e : host.sysctls().all().entrySet()) {
          HostSysctls.Value value = e.getValue();
          String where = value.mark().isInFile() ? " (" + value.mark().shortForm() + ")" : "";
          rows.add(
              new String[] {host.group() + ":" + e.getKey(), value.text(), value.origin() + where});
        }
      }
    }
    print("sysctl", rows);
  }

  private void print(String title, List<String[]> rows) {
    int nameWidth = title.length();
    int valueWidth = 0;
    for (String[] row : rows) {
      nameWidth = Math.max(nameWidth, row[0].length());
      valueWidth = Math.max(valueWidth, row[1].length());
    }
    for (String[] row : rows) {
      String line = padded(row[0], nameWidth) + "  " + padded(row[1], valueWidth) + "  " + row[2];
      streams.out().println(line.stripTrailing());
    }
    streams.out().println();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
