package dev.halfopen.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The command line's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
    int code = new CommandLineProgram(out, err).run(args);
    out.flush();
    err.flush();
    System.exit(code);
  }
}
