package dev.halfopen.engine;

/** A table asked for more than the budget has left. The run ends; what it has is written. */
public final class MemoryRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final long neededBytes;
  private final long limitBytes;

  public MemoryRefused(String table, long neededBytes, long limitBytes) {
    super(table + " needs a total of " + neededBytes + " bytes; " + limitBytes + " are allowed");
    this.table = table;
    this.neededBytes = neededBytes;
    this.limitBytes = limitBytes;
  }

  public String table() {
    return table;
  }

  /** All that would be in use if the reservation had been granted. */
  public long neededBytes() {
    return neededBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }
}
