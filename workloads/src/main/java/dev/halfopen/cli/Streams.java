package dev.halfopen.cli;

import java.io.PrintStream;

/** Results go to {@code out}; progress, warnings and errors go to {@code err}. */
record Streams(PrintStream out, PrintStream err) {}
