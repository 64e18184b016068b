package dev.halfopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Some methods are one long piece on purpose, so that the compiler translates them apart: it
 * inlines hot methods of up to {@link #MOST_INLINED} bytes. Where it inlined a packet's whole way
 * into the event loop, it ran out of room and called the accessors that were left; a shorter method
 * would undo that without a word.
 */
class TranslatedApartTest {
  /** -XX:FreqInlineSize of the JVMs that are served, in bytes of bytecode. */
  private static final int MOST_INLINED = 325;

  private static final Pattern INSTRUCTION = Pattern.compile("^ +(\\d+): ");

  @ParameterizedTest
  @CsvSource({
    "dev.halfopen.tcp.Established, void segment()",
    "dev.halfopen.tcp.Established, void clean(int)",
    "dev.halfopen.tcp.TcpOutput, 'private boolean sendOne(int, boolean, boolean)'",
    "dev.halfopen.world.Shard, 'private void dispatchOther(long, long[], int)'"
  })
  void staysTooLongToBeInlined(String type, String method) throws Exception {
    assertThat(lastInstruction(disassemble(type), method)).isGreaterThan(MOST_INLINED);
  }

  private static String disassemble(String type) throws Exception {
    Optional<ToolProvider> javap = ToolProvider.findFirst("javap");
    assumeThat(javap).as("this JVM comes without javap").isPresent();
    Path classes =
        Path.of(Class.forName(type).getProtectionDomain().getCodeSource().getLocation().toURI());
    StringWriter out = new StringWriter();
    javap
        .orElseThrow()
        .run(
            new PrintWriter(out),
            new PrintWriter(out),
            "-c",
            "-p",
            "-classpath",
            classes.toString(),
            type);
    return out.toString();
  }

  /** Offset of the last instruction of a method in what javap prints. */
  private static int lastInstruction(String listing, String method) {
    int last = -1;
    boolean inside = false;
    for (String line : listing.split("\\R")) {
      if (line.strip().equals(method + ";")) {
        inside = true;
      } else if (inside && line.isEmpty()) {
        break;
      } else if (inside) {
        Matcher m = INSTRUCTION.matcher(line);
        last = m.find() ? Integer.parseInt(m.group(1)) : last;
      }
    }
    assertThat(last).as("%s is in:%n%s", method, listing).isNotNegative();
    return last;
  }
}
