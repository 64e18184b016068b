package dev.halfopen.oracle;

import dev.halfopen.net.Segment;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * O9: whole exchanges packet by packet. The applications of both ends send and close when the
 * measured ones did, but not before they have got what those had got; everything else is the
 * stack's.
 */
final class ExchangeReplay implements Experiment {
  static final String PACKETS = "packets";
  static final String HEADERS = "packets with the measured flags, length, numbers, options";

  private static final String RESOURCE = "o9_sequences.csv";
  private static final double SECONDS = 2;
  private static final String WITH_ECN = "ecn on";
  private static final String NO_ECN = "ECN is not modelled";

  /** tcp_rmem as that machine came, against 6 MiB of a vanilla kernel. */
  private static final int MACHINE_BUFFER = 131_072;

  private static final int MACHINE_BUFFER_MAX = 33_554_432;

  private final Map<String, List<MeasuredPacket>> sequences = new LinkedHashMap<>();

  ExchangeReplay() {
    for (List<String> row : Csv.rows(RESOURCE)) {
      sequences.computeIfAbsent(row.get(0), name -> new ArrayList<>()).add(MeasuredPacket.of(row));
    }
  }

  List<Measurement> measurements() {
    List<Measurement> rows = new ArrayList<>();
    sequences.forEach(
        (name, packets) -> {
          for (String quantity : List.of(PACKETS, HEADERS)) {
            rows.add(new Measurement("O9", name, quantity, packets.size(), packets.size()));
          }
        });
    return rows;
  }

  @Override
  public Readings simulate(Case c, Scene scene) {
    if (c.name().equals(WITH_ECN)) {
      return new Readings().notExpressed(PACKETS, NO_ECN).notExpressed(HEADERS, NO_ECN);
    }
    sysctls(c, scene);
    scene.build();
    List<MeasuredPacket> measured = sequences.getOrDefault(c.name(), List.of());
    play(c, scene, measured);
    return compare(measured, scene.packets);
  }

  private static void sysctls(Case c, Scene scene) {
    if (c.has("rmem")) {
      scene.receiveBuffer(MACHINE_BUFFER, MACHINE_BUFFER_MAX);
    }
    if (!c.has("off") || c.has("ecn")) {
      scene.set(Sysctl.TCP_SYNCOOKIES, c.has("syncookies") ? 2 : 1);
      return;
    }
    boolean all = c.has("all");
    if (c.has("client")) {
      scene.setAtClient(Sysctl.TCP_TIMESTAMPS, 0);
    } else if (c.has("timestamps") || all) {
      scene.set(Sysctl.TCP_TIMESTAMPS, 0);
    }
    if (c.has("sack") || all) {
      scene.set(Sysctl.TCP_SACK, 0);
    }
    if (c.has("window") || all) {
      scene.set(Sysctl.TCP_WINDOW_SCALING, 0);
    }
  }

  private static void play(Case c, Scene scene, List<MeasuredPacket> measured) {
    List<Deed> clientDeeds = Deed.of(measured, true);
    List<Deed> serverDeeds = Deed.of(measured, false);
    long startNs = Conditions.MS_NS;
    if (!c.has("refused")) {
      scene.server.at(1, () -> scene.server.listen(Scene.PORT, 128, SocketOptions.DEFAULT));
    }
    scene.server.whenAccepted = s -> new Side(scene.server, s, startNs, serverDeeds).start();
    scene.client.at(
        startNs,
        () -> {
          Connection k =
              scene.client.connect(scene.server.address(), Scene.PORT, SocketOptions.DEFAULT);
          Side side = new Side(scene.client, k, startNs, clientDeeds);
          k.whenConnected = side::start;
        });
    scene.run(SECONDS);
  }

  private static Readings compare(List<MeasuredPacket> measured, List<Packet> simulated) {
    int headers = 0;
    int clientIsn = 0;
    int serverIsn = 0;
    boolean serverKnown = false;
    for (int i = 0; i < Math.min(measured.size(), simulated.size()); i++) {
      Packet p = simulated.get(i);
      if (i == 0) {
        clientIsn = p.seq();
      }
      if (!p.fromClient() && !serverKnown) {
        serverKnown = true;
        serverIsn = p.is(Segment.SYN) ? p.seq() : p.seq() - 1;
      }
      int isn = p.fromClient() ? clientIsn : serverIsn;
      int peerIsn = p.fromClient() ? serverIsn : clientIsn;
      MeasuredPacket m = measured.get(i);
      headers += m.hasHeader(p, isn, peerIsn) ? 1 : 0;
    }
    return new Readings().count(PACKETS, simulated.size()).count(HEADERS, headers);
  }

  /** A packet of the capture, with relative numbers. */
  private record MeasuredPacket(
      double atS,
      boolean fromClient,
      int flags,
      int seq,
      int ack,
      int length,
      int window,
      int headerBytes,
      int mss,
      int windowScale,
      boolean sackPermitted,
      boolean timestamp) {
    private static final String CLIENT = "10.9.0.1";
    private static final int NONE = -1;

    static MeasuredPacket of(List<String> row) {
      String flags = row.get(5);
      int bits = 0;
      bits |= flags.contains("F") ? Segment.FIN : 0;
      bits |= flags.contains("S") ? Segment.SYN : 0;
      bits |= flags.contains("R") ? Segment.RST : 0;
      bits |= flags.contains("P") ? Segment.PSH : 0;
      bits |= flags.contains("A") ? Segment.ACK : 0;
      return new MeasuredPacket(
          Double.parseDouble(row.get(1)),
          row.get(2).equals(CLIENT),
          bits,
          Integer.parseInt(row.get(6)),
          Integer.parseInt(row.get(7)),
          Integer.parseInt(row.get(8)),
          Integer.parseInt(row.get(9)),
          Integer.parseInt(row.get(10)),
          number(row.get(11)),
          number(row.get(12)),
          !row.get(13).isEmpty(),
          !row.get(14).isEmpty());
    }

    private static int number(String field) {
      return field.isEmpty() ? NONE : Integer.parseInt(field);
    }

    boolean is(int flag) {
      return (flags & flag) != 0;
    }

    boolean hasHeader(Packet p, int isn, int peerIsn) {
      return p.fromClient() == fromClient
          && p.flags() == flags
          && p.seq() - isn == seq
          && (!p.is(Segment.ACK) || p.ack() - peerIsn == ack)
          && p.length() == length
          && p.headerBytes() == headerBytes
          && (p.options() & Segment.OPT_MSS) != 0 == (mss != NONE)
          && (mss == NONE || p.mss() == mss)
          && (p.options() & Segment.OPT_WINDOW_SCALE) != 0 == (windowScale != NONE)
          && (windowScale == NONE || p.windowScale() == windowScale)
          && (p.options() & Segment.OPT_SACK_PERMITTED) != 0 == sackPermitted
          && (p.options() & Segment.OPT_TIMESTAMP) != 0 == timestamp;
    }
  }

  /** What an application did: sent bytes or closed, after it had got so much. */
  private record Deed(long atNs, int bytes, int gotBefore) {
    static List<Deed> of(List<MeasuredPacket> measured, boolean client) {
      List<Deed> deeds = new ArrayList<>();
      for (MeasuredPacket m : measured) {
        if (m.fromClient() == client && (m.length() > 0 || m.is(Segment.FIN))) {
          long atNs = Math.round(m.atS() * Conditions.SECOND_NS);
          deeds.add(new Deed(atNs, m.length(), m.ack() - 1));
        }
      }
      return deeds;
    }
  }

  /** One end doing its deeds in order. */
  private static final class Side {
    private final Actor actor;
    private final Connection connection;
    private final long startNs;
    private final List<Deed> deeds;
    private int next;

    Side(Actor actor, Connection connection, long startNs, List<Deed> deeds) {
      this.actor = actor;
      this.connection = connection;
      this.startNs = startNs;
      this.deeds = deeds;
    }

    void start() {
      connection.whenData = this::proceed;
      connection.whenEnded = this::proceed;
      for (Deed d : deeds) {
        actor.at(Math.max(startNs + d.atNs(), actor.nowNs() + 1), this::proceed);
      }
    }

    private void proceed() {
      int got = connection.received + (connection.endedNs == Connection.NEVER ? 0 : 1);
      while (next < deeds.size()
          && actor.nowNs() >= startNs + deeds.get(next).atNs()
          && got >= deeds.get(next).gotBefore()) {
        Deed d = deeds.get(next++);
        if (d.bytes() > 0) {
          connection.send(d.bytes());
        } else {
          connection.close();
        }
      }
    }
  }
}
