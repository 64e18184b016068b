package dev.halfopen.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Stands in for halfopen in the launcher's tests: says how it was started. */
public final class LauncherProbe {
  private LauncherProbe() {}

  public static void main(String[] args) {
    System.out.println("args=" + String.join("|", args));
    System.out.println("directory=" + Path.of("").toAbsolutePath());
    System.out.println(
        "options=" + String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
  }
}
