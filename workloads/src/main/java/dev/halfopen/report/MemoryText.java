package dev.halfopen.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The memory bill as the console shows it. */
public final class MemoryText {
  private static final String INDENT = " ".repeat(17);

  /** Kinds below this share of all are summed up. */
  private static final double LEAST_SHARE = 0.01;

  private MemoryText() {}

  /** Below, arrays of first sizes make up what there is, and no figure means anything. */
  private static final long BILLED_LEAST = 32L << 20;

  private static final long ROWS_LEAST = 10_000;

  /**
   * A line for the sum; where that is much, one for each kind of table that matters and one for a
   * socket of each kind.
   */
  public static String of(MemoryBill bill) {
    StringBuilder out = new StringBuilder("memory           ");
    out.append(Figures.bytes(bill.bytes())).append(" in tables");
    if (bill.limitBytes() != Long.MAX_VALUE) {
      out.append(" of ").append(Figures.bytes(bill.limitBytes())).append(" allowed");
    }
    out.append('\n');
    if (bill.bytes() < BILLED_LEAST) {
      return out.toString();
    }
    long small = 0;
    List<MemoryBill.Item> byBytes =
        bill.items().stream()
            .sorted(Comparator.comparingLong(MemoryBill.Item::bytes).reversed())
            .toList();
    for (MemoryBill.Item item : byBytes) {
      if (item.bytes() < LEAST_SHARE * bill.bytes()) {
        small += item.bytes();
      } else {
        out.append(INDENT).append(item(item)).append('\n');
      }
    }
    if (small > 0) {
      out.append(INDENT).append("others: ").append(Figures.bytes(small)).append('\n');
    }
    return out.append(sockets(bill)).toString();
  }

  private static String item(MemoryBill.Item item) {
    String text = item.name() + ": " + Figures.bytes(item.bytes());
    return item.peakRows() < ROWS_LEAST
        ? text
        : text
            + ", "
            + Figures.grouped(item.peakRows())
            + " rows at the most, "
            + Figures.fixed(item.bytesPerRow(), 1)
            + " B a row";
  }

  private static String sockets(MemoryBill bill) {
    StringBuilder out = new StringBuilder();
    socket(out, "ESTABLISHED", bill.item("connections"), bill.bytesPerEstablished());
    if (!out.isEmpty()) {
      out.append(" (idle ").append(Figures.fixed(bill.bytesPerIdle(), 1)).append(" B)");
    }
    socket(out, "TIME_WAIT", bill.item("timeWaits"), bill.bytesPerTimeWait());
    socket(out, "SYN_RECV", bill.item("requests"), bill.bytesPerSynRecv());
    return out.isEmpty() ? "" : INDENT + "a socket, all in: " + out + "\n";
  }

  private static void socket(
      StringBuilder out, String state, Optional<MemoryBill.Item> table, double bytes) {
    if (table.filter(t -> t.peakRows() >= ROWS_LEAST).isPresent()) {
      out.append(out.isEmpty() ? "" : ", ")
          .append(state)
          .append(' ')
          .append(Figures.fixed(bytes, 1))
          .append(" B");
    }
  }
}
