package dev.halfopen.cli;

import dev.halfopen.oracle.Oracle;
import dev.halfopen.oracle.OracleRow;
import dev.halfopen.report.OracleJson;
import dev.halfopen.report.OracleTable;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the simulator with what a real kernel was measured to do. */
@Command(
    name = "oracle",
    description = "Compares the simulator with a measured Linux 6.18 kernel, row by row.",
    footer = {"", "Example: halfopen oracle O1 O6"})
final class OracleCommand extends HelpfulCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "EXPERIMENT",
      description = "O1 to O9; all of them if none is given.")
  private List<String> chosen = List.of();

  @Option(names = "--json", description = "Prints the rows as JSON.")
  private boolean json;

  private final Streams streams;

  OracleCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws BadInputException {
    Oracle oracle = new Oracle();
    List<OracleRow> rows = oracle.run(experiments(oracle), Oracle.allPhases(), name -> {});
    streams.out().print(json ? OracleJson.of(rows) : OracleTable.of(rows));
    return rows.stream().anyMatch(OracleRow::misses)
        ? ExitCode.INTERNAL_OR_SELF_CHECK
        : ExitCode.FINE;
  }

  private List<String> experiments(Oracle oracle) throws BadInputException {
    if (chosen.isEmpty()) {
      return oracle.names();
    }
    List<String> names = new ArrayList<>();
    for (String name : chosen) {
      names.add(known(oracle, name.toUpperCase(Locale.ROOT)));
    }
    return names;
  }

  private static String known(Oracle oracle, String name) throws BadInputException {
    if (!oracle.names().contains(name)) {
      throw new BadInputException(
          "oracle: unknown experiment " + name + Suggest.hint(name, oracle.names()));
    }
    return name;
  }
}
