package dev.halfopen.cli;

import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Scenario;
import java.util.List;
import java.util.stream.LongStream;

/** Which seeds several runs of one scenario are made with. */
final class Seeds {
  private Seeds() {}

  /**
   * {@code count} of them from the scenario's own on; one, and a note that says so, where nothing
   * is left to chance.
   *
   * @throws BadInputException if the count is below 1
   */
  static List<Long> of(Scenario baseline, int count, boolean random, Streams streams)
      throws BadInputException {
    if (count < 1) {
      throw new BadInputException("--seeds " + count + ": at least 1");
    }
    if (!random && count > 1) {
      streams.err().println("note: nothing here is left to chance: one seed");
    }
    long first = baseline.world().seed();
    return LongStream.range(first, first + (random ? count : 1)).boxed().toList();
  }
}
