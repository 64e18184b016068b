package dev.halfopen.cli;

import dev.halfopen.claims.ClaimResult;
import dev.halfopen.claims.Claims;
import dev.halfopen.report.ClaimsJson;
import dev.halfopen.report.ClaimsTable;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows by simulation what is right in the two notes about TCP connections, and what is not. */
@Command(
    name = "claims",
    description = "Simulates what two engineers' notes claim about TCP, and says what Linux does.",
    footer = {"", "Example: halfopen claims A8 B5"})
final class ClaimsCommand extends HelpfulCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "A1 to A17, B1 to B15; all of them if none is given.")
  private List<String> chosen = List.of();

  @Option(names = "--json", description = "Prints the claims as JSON.")
  private boolean json;

  private final Streams streams;

  ClaimsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws BadInputException {
    Claims claims = new Claims();
    List<ClaimResult> results = claims.run(ids(claims));
    streams.out().print(json ? ClaimsJson.of(results) : ClaimsTable.of(results));
    return results.stream().anyMatch(ClaimResult::misses)
        ? ExitCode.INTERNAL_OR_SELF_CHECK
        : ExitCode.FINE;
  }

  private List<String> ids(Claims claims) throws BadInputException {
    List<String> known = claims.ids();
    if (chosen.isEmpty()) {
      return known;
    }
    List<String> ids = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (String word : chosen) {
      String id = word.toUpperCase(Locale.ROOT);
      if (!known.contains(id)) {
        wrong.add(
            "claims: unknown id "
                + word
                + Suggest.hint(id, known)
                + " (known: "
                + String.join(" ", known)
                + ")");
      }
      ids.add(id);
    }
    if (!wrong.isEmpty()) {
      throw new BadInputException(wrong);
    }
    return ids;
  }
}
