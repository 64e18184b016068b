package dev.halfopen.report;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the tables of a run took, by kind, and what a socket took, all in. It depends on how the run
 * was laid out: threads, limits, assertions.
 *
 * <p>A socket's bytes are those of its own table over the most sockets of the kind there were, with
 * its share of everything else that grows with them: an entry of the demux table for each socket,
 * the timer wheel for those that have timers (half-open and established), the Flights and queues of
 * active connections and all tables of the applications for established ones, lanes for TIME_WAITs.
 * The event queue grows with traffic, not with sockets: it stands on the bill only. Flights and
 * queues are for those in use: they belong to ESTABLISHED, but not to an idle one. Tables grow by
 * doubling and by segments, so that a small run shows a large figure; 0 where there was no socket
 * of the kind.
 *
 * @param limitBytes that all tables were allowed
 * @param peakBytes the most that was taken at once, arrays included that were being replaced
 * @param bytesPerEstablished what was in use included: the Flights and queues that the busiest
 *     moment needed
 * @param bytesPerIdle of an established one that nobody uses, its keepalive timer included
 */
public record MemoryBill(
    long limitBytes,
    long peakBytes,
    List<Item> items,
    double bytesPerEstablished,
    double bytesPerIdle,
    double bytesPerTimeWait,
    double bytesPerSynRecv) {
  private static final List<String> TIME_WAIT = List.of("timeWaits", "timeWaitLanes");
  private static final List<String> SYN_RECV = List.of("requests");
  private static final List<String> EVERY_SOCKET = List.of("demux");
  private static final List<String> WITH_TIMERS = List.of("timerWheel");

  /** Of connections and requests that are under way. */
  private static final List<String> IN_USE = List.of("flights", "segments", "pages");

  /** What has nothing to do with how many sockets there are. */
  private static final List<String> TRAFFIC =
      List.of("eventQueue", "readiness", "rings", "conntrack", "intervalCounts");

  public MemoryBill {
    items = List.copyOf(items);
  }

  /**
   * The tables of one kind.
   *
   * @param peakRows the most rows, entries or places in chunks that were in use at once; 0 where
   *     none are counted
   */
  public record Item(String name, long bytes, long peakRows) {
    /** 0 where no rows are counted. */
    public double bytesPerRow() {
      return peakRows == 0 ? 0 : (double) bytes / peakRows;
    }
  }

  /** From the memory budget of a run. */
  public static MemoryBill of(MemoryBudget budget, Assembly assembly) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < budget.kinds(); i++) {
      items.add(new Item(budget.name(i), budget.bytes(i), budget.peakRows(i)));
    }
    items.sort(Comparator.comparing(Item::name));
    long established = peak(assembly, SocketGauges.ESTABLISHED);
    long timeWait = peak(assembly, SocketGauges.TIME_WAIT);
    long synRecv = peak(assembly, SocketGauges.SYN_RECV);
    double entry = share(sum(items, EVERY_SOCKET), peakRows(items, "demux"));
    double timer = share(sum(items, WITH_TIMERS), established + synRecv);
    long rest = rest(items);
    return new MemoryBill(
        budget.limitBytes(),
        budget.peakBytes(),
        items,
        each(rest, established, entry + timer),
        each(rest - sum(items, IN_USE), established, entry + timer),
        each(sum(items, TIME_WAIT), timeWait, entry),
        each(sum(items, SYN_RECV), synRecv, entry + timer));
  }

  /** The tables of one kind, if the run had any. */
  public Optional<Item> item(String name) {
    return items.stream().filter(i -> i.name().equals(name)).findFirst();
  }

  /** What all tables had reserved at the end. */
  public long bytes() {
    return items.stream().mapToLong(Item::bytes).sum();
  }

  private static double share(long bytes, long sockets) {
    return sockets == 0 ? 0 : (double) bytes / sockets;
  }

  private static double each(long bytes, long sockets, double shares) {
    return sockets == 0 ? 0 : (double) bytes / sockets + shares;
  }

  private static long peakRows(List<Item> items, String name) {
    return items.stream().filter(i -> i.name().equals(name)).mapToLong(Item::peakRows).sum();
  }

  private static long sum(List<Item> items, List<String> names) {
    return items.stream().filter(i -> names.contains(i.name())).mapToLong(Item::bytes).sum();
  }

  /** What belongs to nothing else belongs to established connections. */
  private static long rest(List<Item> items) {
    long all = items.stream().mapToLong(Item::bytes).sum();
    return all
        - sum(items, TIME_WAIT)
        - sum(items, SYN_RECV)
        - sum(items, EVERY_SOCKET)
        - sum(items, WITH_TIMERS)
        - sum(items, TRAFFIC);
  }

  private static long peak(Assembly assembly, int gauge) {
    long sum = 0;
    for (HostSpec host : assembly.spec().hosts()) {
      sum += Recorder.tcp(assembly, host).gauges().peak(gauge);
    }
    return sum;
  }
}
