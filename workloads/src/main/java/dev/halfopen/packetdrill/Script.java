package dev.halfopen.packetdrill;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed script.
 *
 * @param options the {@code --name=value} lines
 */
record Script(Map<String, String> options, List<Event> events) {

  /** When an event is to happen. Times are in microseconds. */
  enum TimeKind {
    ANY,
    RELATIVE,
    ABSOLUTE
  }

  /**
   * The time before an event.
   *
   * @param endUs the other end of a range, or equal to {@code atUs}
   * @param returnUs when a blocking call returns, counted as {@code atUs} is; -1: at once
   */
  record Time(TimeKind kind, long atUs, long endUs, long returnUs) {
    boolean isBlocking() {
      return returnUs >= 0;
    }
  }

  record Event(int line, Time time, Action action) {}

  sealed interface Action {}

  record Inbound(Packet packet) implements Action {}

  record Outbound(Packet packet) implements Action {}

  /** ICMP destination unreachable that arrives for a segment of ours. */
  record Unreachable(String code, int mtu, long seq) implements Action {}

  /**
   * A system call and what it must return.
   *
   * @param result null where any result will do
   * @param errno its name, or null
   */
  record Call(
      String name, List<Expression> arguments, @Nullable Long result, @Nullable String errno)
      implements Action {}

  record Shell(String text) implements Action {}

  record Code(String text) implements Action {}

  /**
   * A packet of the script, numbers as written.
   *
   * @param ecn noecn, ect0, ect1, ect01, ce or empty
   * @param sourcePort 0 where the script leaves the ports out
   * @param flags of {@link dev.halfopen.net.Segment}
   * @param window -1 where the script leaves it out
   * @param options null for {@code <...>}
   */
  record Packet(
      String ecn,
      int sourcePort,
      int destinationPort,
      int flags,
      long seq,
      int length,
      long ack,
      int window,
      @Nullable List<TcpOption> options) {}
}
