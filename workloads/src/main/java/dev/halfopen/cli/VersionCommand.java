package dev.halfopen.cli;

import dev.halfopen.tcp.KernelProfile;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Says which halfopen this is. */
@Command(
    name = "version",
    description = "Prints the version, the JVM and the kernels that it knows.")
final class VersionCommand extends HelpfulCommand {
  private final Streams streams;

  VersionCommand(Streams streams) {
    this.streams = streams;
  }

  /** Of the jar; "development" when run from classes. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage())
        .map(Package::getImplementationVersion)
        .orElse("development");
  }

  static String java() {
    return System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
  }

  @Override
  public Integer call() {
    streams.out().println("halfopen " + version());
    streams.out().println("java     " + java());
    streams.out().println("kernels  " + String.join(", ", KernelProfile.names()));
    return ExitCode.FINE;
  }
}
