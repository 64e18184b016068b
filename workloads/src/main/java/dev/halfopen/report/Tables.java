package dev.halfopen.report;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.scenario.Assembly;

/** What a socket of each kind took in this run, tables all in; 0 where there was none. */
public record Tables(double bytesPerEstablished, double bytesPerTimeWait, double bytesPerSynRecv) {
  /** From the bill of the memory budget. */
  public static Tables of(MemoryBudget budget, Assembly assembly) {
    return new Tables(0, 0, 0);
  }
}
