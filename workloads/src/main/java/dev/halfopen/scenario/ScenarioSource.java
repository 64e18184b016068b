package dev.halfopen.scenario;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A scenario before it is read.
 *
 * @param name of the workload: "port-exhaustion"
 * @param file as errors show it: "port-exhaustion.yaml"
 * @param directory relative file names in the scenario start here
 */
public record ScenarioSource(String name, String file, Path directory, String text) {
  /** Reads a scenario file; its name without directory and ".yaml" is the workload's name. */
  public static ScenarioSource ofFile(Path file) throws BadInputException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
      Path directory = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
      return new ScenarioSource(name, file.toString(), directory, text);
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + ": is not text in UTF-8");
    } catch (IOException e) {
      throw new BadInputException(file + ": " + FileProblem.reason(file, e));
    }
  }
}
