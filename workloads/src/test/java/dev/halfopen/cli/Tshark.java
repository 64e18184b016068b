package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another reader of captures, where it is installed. */
final class Tshark {
  private static final String FIELDS = "\t";

  private Tshark() {}

  private static boolean isInstalled() {
    try {
      return new ProcessBuilder("tshark", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A row of values for each packet of a file that passes the display filter. */
  static List<List<String>> rows(Path capture, String filter, List<String> fields)
      throws IOException, InterruptedException {
    assumeTrue(isInstalled(), "tshark is not installed: nobody else reads the captures");
    List<String> command =
        new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString(), "-T", "fields"));
    command.addAll(List.of("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"));
    command.addAll(List.of("-o", "udp.check_checksum:TRUE", "-E", "occurrence=a", "-Y", filter));
    fields.forEach(f -> command.addAll(List.of("-e", f)));
    Process tshark =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tshark.waitFor()).as(String.join(" ", command)).isZero();
    return out.lines().map(l -> List.of(l.split(FIELDS, -1))).toList();
  }
}
