package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.claims.ClaimResult;
import dev.halfopen.report.ClaimsJson;
import dev.halfopen.report.ClaimsTable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsCommandTest {
  private static final ClaimResult MISSES =
      new ClaimResult("A1", "says \"so\"", "does", "NOT AS LINUX: 3 packets", false);

  @Test
  void printsWhatTheNoteSaysWhatLinuxDoesAndWhatWasSimulated() {
    CliRun run = CliRun.of("claims", "b3");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FINE);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            B3    the note says   "ETIMEOUT"
                  Linux does      ETIMEDOUT
                  simulated       connect() to a silent host fails with errno 110, ETIMEDOUT
                                  holds

            1 of 1 claims hold
            """);
  }

  @Test
  void listsWhatIsNotThereYet() {
    CliRun run = CliRun.of("claims", "A15");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FINE);
    assertThat(run.out()).contains("not there yet").endsWith("not there yet: A15\n");
  }

  @Test
  void jsonHasAnObjectForEachClaimInTheOrderOfTheNotes() throws IOException {
    CliRun run = CliRun.of("claims", "B3", "A15", "A6", "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FINE);
    JsonNode claims = new ObjectMapper().readTree(run.out());
    assertThat(claims).hasSize(3);
    assertThat(claims.findValuesAsText("id")).containsExactly("A6", "A15", "B3");
    for (JsonNode claim : claims) {
      assertThat(claim.fieldNames())
          .toIterable()
          .startsWith("id", "note", "linux", "simulated", "holds");
    }
    assertThat(claims.get(0).get("holds").booleanValue()).isTrue();
    assertThat(claims.get(0).get("simulated").textValue()).contains("TIME_WAIT at client 1");
    assertThat(claims.get(1).get("simulated").isNull()).isTrue();
    assertThat(claims.get(1).get("holds").isNull()).isTrue();
    assertThat(claims.get(1).get("reason").textValue()).isEqualTo("not there yet");
    assertThat(claims.get(0).has("reason")).isFalse();
  }

  @Test
  void claimThatDoesNotHoldIsShownAsSuch() throws IOException {
    JsonNode json = new ObjectMapper().readTree(ClaimsJson.of(List.of(MISSES)));
    assertThat(json.get(0).get("holds").booleanValue()).isFalse();
    assertThat(json.get(0).get("note").textValue()).isEqualTo("says \"so\"");
    assertThat(ClaimsTable.of(List.of(MISSES)))
        .contains("DOES NOT HOLD")
        .endsWith("0 of 1 claims hold\n");
  }

  @Test
  void unknownIdIsAnErrorWithTheListOfIds() {
    CliRun run = CliRun.of("claims", "A1", "B99", "x");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.errorLines()).hasSize(2);
    assertThat(run.errorLines().get(0))
        .startsWith("claims: unknown id B99; did you mean B9?")
        .contains("(known: A1 A2 A3", "B14 B15)");
    assertThat(run.errorLines().get(1)).startsWith("claims: unknown id x (known: A1");
  }

  @Test
  void linesFitTheConsole() {
    String table =
        ClaimsTable.of(List.of(new ClaimResult("B10", "word ".repeat(40).strip(), "l", "s", true)));
    assertThat(table.lines()).allMatch(line -> line.length() <= 100);
    assertThat(table.lines().skip(1).findFirst()).get().asString().startsWith(" ".repeat(22) + "w");
  }
}
