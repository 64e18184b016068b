package dev.halfopen.report;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.State;
import dev.halfopen.world.World;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The sockets of all hosts at an instant as {@code ss -tan} prints them where it writes to no
 * terminal, one table a host under the host's name. The kernel walks its hash tables; here the
 * order is that of {@link SocketTable}.
 */
public final class SsText {
  /** One table's widths: each column is as wide as its widest cell. */
  private int stateWidth = "State".length();

  private int receiveWidth = "Recv-Q".length();
  private int sendWidth = "Send-Q".length();
  private int localWidth = "Local Address".length();
  private int localPortWidth = "Port".length();
  private int peerWidth = "Peer Address".length();
  private int peerPortWidth = "Port".length();

  private final StringBuilder line = new StringBuilder();

  private SsText() {}

  /**
   * Writes the listing of a world between two of its events.
   *
   * @param hosts of the world, in the order of their ids
   * @throws dev.halfopen.engine.MemoryRefused if there is no room to sort the sockets
   */
  public static void write(World world, List<Host> hosts, MemoryBudget budget, Path file)
      throws IOException {
    try (SocketTable sockets = new SocketTable(world, hosts, budget);
        BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      int row = 0;
      for (Host h : hosts) {
        int first = row;
        while (row < sockets.size() && sockets.host(row) == h.id()) {
          row++;
        }
        out.write("# " + h.name() + "\n");
        new SsText().write(sockets, first, row, out);
      }
    }
  }

  /** Writes one table of the rows from {@code first} up to {@code end}, without it. */
  static void table(SocketTable sockets, int first, int end, Appendable out) throws IOException {
    new SsText().write(sockets, first, end, out);
  }

  private void write(SocketTable s, int first, int end, Appendable out) throws IOException {
    for (int row = first; row < end; row++) {
      stateWidth = Math.max(stateWidth, stateName(s.state(row)).length());
      receiveWidth = Math.max(receiveWidth, digits(s.receiveQueue(row)));
      sendWidth = Math.max(sendWidth, digits(s.sendQueue(row)));
      localWidth = Math.max(localWidth, AddressTable.text(s.localAddress(row)).length());
      localPortWidth = Math.max(localPortWidth, digits(s.localPort(row)));
      peerWidth = Math.max(peerWidth, AddressTable.text(s.remoteAddress(row)).length());
      peerPortWidth = Math.max(peerPortWidth, digits(s.remotePort(row)));
    }
    line("State", "Recv-Q", "Send-Q", "Local Address", "Port", "Peer Address", "Port", "Process");
    out.append(line);
    for (int row = first; row < end; row++) {
      boolean listens = s.state(row) == State.LISTEN;
      line(
          stateName(s.state(row)),
          "" + s.receiveQueue(row),
          "" + s.sendQueue(row),
          AddressTable.text(s.localAddress(row)),
          "" + s.localPort(row),
          AddressTable.text(s.remoteAddress(row)),
          listens ? "*" : "" + s.remotePort(row),
          "");
      out.append(line);
    }
  }

  private void line(
      String state,
      String receive,
      String send,
      String local,
      String localPort,
      String peer,
      String peerPort,
      String process) {
    line.setLength(0);
    left(state, stateWidth).append(' ');
    left(receive, receiveWidth).append(' ');
    left(send, sendWidth).append(' ');
    right(local, localWidth).append(':');
    left(localPort, localPortWidth).append(' ');
    right(peer, peerWidth).append(':');
    left(peerPort, peerPortWidth);
    left(process, "Process".length()).append('\n');
  }

  private StringBuilder left(String text, int width) {
    return line.append(text).append(" ".repeat(width - text.length()));
  }

  private StringBuilder right(String text, int width) {
    return line.append(" ".repeat(width - text.length())).append(text);
  }

  private static int digits(int value) {
    return Integer.toString(value).length();
  }

  /** {@code sstate_name} of ss. */
  static String stateName(int state) {
    return state == State.ESTABLISHED ? "ESTAB" : State.name(state).replace('_', '-');
  }
}
