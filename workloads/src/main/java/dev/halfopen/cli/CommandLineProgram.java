package dev.halfopen.cli;

import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Suggest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The whole program but for the end of the process, so that tests can call it. */
public final class CommandLineProgram {
  private static final List<String> ASK =
      List.of(
          "run",
          "sweep",
          "capacity",
          "compare",
          "list",
          "show",
          "init",
          "check",
          "report",
          "schema",
          "completion");
  private static final List<String> CHECK_THE_SIMULATOR =
      List.of("claims", "oracle", "packetdrill", "version");

  private final Streams streams;

  public CommandLineProgram(PrintStream out, PrintStream err) {
    this.streams = new Streams(out, err);
  }

  /** Runs a command and returns the exit code; errors are one line each. */
  public int run(String... args) {
    CommandLine line = new CommandLine(new HalfopenCommand());
    line.addSubcommand(new RunCommand(streams));
    line.addSubcommand(new SweepCommand(streams));
    line.addSubcommand(new CapacityCommand(streams));
    line.addSubcommand(new CompareCommand(streams));
    line.addSubcommand(new ListCommand(streams));
    line.addSubcommand(new ShowCommand(streams));
    line.addSubcommand(new InitCommand(streams));
    line.addSubcommand(new CheckCommand(streams));
    line.addSubcommand(new ReportCommand(streams));
    line.addSubcommand(new SchemaCommand(streams));
    line.addSubcommand(new CompletionCommand(streams));
    line.addSubcommand(new ClaimsCommand(streams));
    line.addSubcommand(new OracleCommand(streams));
    line.addSubcommand(new PacketdrillCommand(streams));
    line.addSubcommand(new VersionCommand(streams));
    line.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpWidth(100);
    line.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commandGroups(line));
    line.setParameterExceptionHandler(this::badUsage);
    line.setExecutionExceptionHandler((exception, command, result) -> failed(exception));
    return line.execute(asCommand(args));
  }

  /** What people type by habit: {@code help}, {@code help run} and {@code --version}. */
  private static String[] asCommand(String... args) {
    if (args.length > 0 && args[0].equals("help")) {
      return args.length == 1 ? new String[] {"--help"} : new String[] {args[1], "--help"};
    }
    return args.length == 1 && args[0].equals("--version") ? new String[] {"version"} : args;
  }

  private static String commandGroups(CommandLine line) {
    StringBuilder out = new StringBuilder();
    group(out, line, "ask", ASK, "halfopen run port-exhaustion --set rate=450/s");
    group(out, line, "check the simulator", CHECK_THE_SIMULATOR, "halfopen claims A8 B5");
    return out.toString();
  }

  private static void group(
      StringBuilder out, CommandLine line, String title, List<String> names, String example) {
    out.append(System.lineSeparator()).append(title).append(System.lineSeparator());
    for (String name : names) {
      CommandLine command = line.getSubcommands().get(name);
      if (command != null) {
        String[] description = command.getCommandSpec().usageMessage().description();
        out.append("  ").append(name).append(" ".repeat(13 - name.length()));
        out.append(String.join(" ", description)).append(System.lineSeparator());
      }
    }
    out.append("  example: ").append(example).append(System.lineSeparator());
  }

  private int badUsage(CommandLine.ParameterException exception, String[] args) {
    String message = String.valueOf(exception.getMessage()).lines().findFirst().orElse("");
    if (exception instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0);
      List<String> known =
          word.startsWith("-")
              ? List.copyOf(exception.getCommandLine().getCommandSpec().optionsMap().keySet())
              : List.copyOf(exception.getCommandLine().getSubcommands().keySet());
      String what = word.startsWith("-") ? "unknown option " : "unknown argument ";
      message = what + word + Suggest.hint(word, known);
    }
    String command = exception.getCommandLine().getCommandSpec().qualifiedName();
    streams.err().println(command + ": " + message + " (" + command + " --help)");
    return ExitCode.BAD_INPUT;
  }

  private int failed(Exception exception) {
    if (exception instanceof BadInputException bad) {
      bad.lines().forEach(streams.err()::println);
      return ExitCode.BAD_INPUT;
    }
    streams.err().println("halfopen: internal error; please report it with the command line");
    exception.printStackTrace(streams.err());
    return ExitCode.INTERNAL_OR_SELF_CHECK;
  }
}
