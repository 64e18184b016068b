package dev.halfopen.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.halfopen.packetdrill.Outcome;
import dev.halfopen.packetdrill.Packetdrill;
import dev.halfopen.tcp.KernelProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs packetdrill scripts against the simulated stack. */
@Command(
    name = "packetdrill",
    description = "Runs packetdrill scripts against the simulated stack, in virtual time.")
final class PacketdrillCommand extends HelpfulCommand {
  private final Streams streams;

  /** Named as they are typed. */
  enum Push {
    ignore,
    strict
  }

  /** Named as they are typed. */
  enum Timing {
    usual,
    strict
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "Scripts; of a directory all *.pkt in it and below.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--kernel",
      paramLabel = "VERSION",
      description = "linux-6.18 (default) or linux-3.10.")
  private String kernel = "linux-6.18";

  @Option(
      names = "--psh",
      paramLabel = "ignore|strict",
      description = "Whether the PSH flag is compared; default: ignore.")
  private Push push = Push.ignore;

  @Option(
      names = "--tolerance",
      paramLabel = "usual|strict",
      description = "usual: 4 ms or 12.5 %% of the time since the last event; strict: 4 ms.")
  private Timing timing = Timing.usual;

  @Option(
      names = {"-D", "--define"},
      paramLabel = "NAME=VALUE",
      description = "What a word stands for that a script leaves open.")
  private Map<String, String> definitions = new LinkedHashMap<>();

  @Option(names = "--json", description = "Prints the results as JSON.")
  private boolean json;

  PacketdrillCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    KernelProfile profile = KernelProfile.byName(kernel);
    if (profile == null) {
      streams
          .err()
          .println(
              "halfopen packetdrill: unknown kernel "
                  + kernel
                  + "; known: "
                  + String.join(", ", KernelProfile.names()));
      return ExitCode.BAD_INPUT;
    }
    List<Path> files = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    Packetdrill packetdrill =
        new Packetdrill(profile, push == Push.strict, timing == Timing.strict, definitions);
    try {
      for (Path p : paths) {
        files.addAll(scripts(p));
      }
      for (Path f : files) {
        outcomes.add(packetdrill.run(f.toString(), Files.readString(f, StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      streams.err().println("halfopen packetdrill: cannot read " + e.getMessage());
      return ExitCode.BAD_INPUT;
    }
    print(outcomes);
    return outcomes.stream().anyMatch(o -> o.result() == Outcome.Result.FAIL)
        ? ExitCode.INTERNAL_OR_SELF_CHECK
        : ExitCode.FINE;
  }

  private static List<Path> scripts(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.filter(p -> p.toString().endsWith(".pkt")).sorted().toList();
    }
  }

  private void print(List<Outcome> outcomes) {
    if (json) {
      streams.out().println(asJson(outcomes));
      return;
    }
    for (Outcome o : outcomes) {
      streams.out().println(line(o));
    }
    streams
        .out()
        .println(
            count(outcomes, Outcome.Result.PASS)
                + " passed, "
                + count(outcomes, Outcome.Result.FAIL)
                + " failed, "
                + count(outcomes, Outcome.Result.UNSUPPORTED)
                + " unsupported");
  }

  private static String line(Outcome o) {
    String word = o.result().word();
    String head = word + " ".repeat(13 - word.length()) + o.script();
    return o.result() == Outcome.Result.PASS ? head : head + ":" + o.line() + ": " + o.detail();
  }

  private static long count(List<Outcome> outcomes, Outcome.Result result) {
    return outcomes.stream().filter(o -> o.result() == result).count();
  }

  private static String asJson(List<Outcome> outcomes) {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode list = mapper.createArrayNode();
    for (Outcome o : outcomes) {
      ObjectNode node = list.addObject();
      node.put("script", o.script());
      node.put("result", o.result().word());
      node.put("line", o.line());
      node.put("detail", o.detail());
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
