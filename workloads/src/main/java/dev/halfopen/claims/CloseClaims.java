package dev.halfopen.claims;

import dev.halfopen.net.LinkRule;
import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.oracle.Connection;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How connections end, and what stays behind. In exchanges the client's packets are in capitals.
 */
final class CloseClaims {
  private static final int BYTES = 100;

  private CloseClaims() {}

  /** A connection of a client and a server program that does {@code atEnd} when the client ends. */
  private static Pair pair(SocketOptions options, Consumer<Connection> atEnd) {
    return new Pair(new Lab(), options, atEnd);
  }

  private static Pair pair(Consumer<Connection> atEnd) {
    return pair(SocketOptions.DEFAULT, atEnd);
  }

  private static final class Pair {
    final Lab lab;
    final Connection client;
    final Connection server;

    Pair(Lab lab, SocketOptions options, Consumer<Connection> atEnd) {
      this.lab = lab;
      Connection[] accepted = new Connection[1];
      lab.server.program.whenAccepted =
          s -> {
            accepted[0] = s;
            s.whenEnded = () -> atEnd.accept(s);
          };
      client = lab.connected(options);
      server = accepted[0];
      lab.captureAnew();
    }

    Pair clientDoes(Runnable action) {
      lab.client.does(action);
      lab.run(3);
      return this;
    }

    /** Both at one instant. */
    Pair both(Runnable clientAction, Runnable serverAction) {
      lab.client.doesAfter(0.001, clientAction);
      lab.server.doesAfter(0.001, serverAction);
      lab.run(3);
      return this;
    }
  }

  /** A5. */
  static void waysToClose(Evidence evidence) {
    Pair three = pair(Connection::close);
    three.clientDoes(three.client::close);
    show(evidence, "closed at once by the other side", three, "FA fa A");

    Lab slow = new Lab();
    Pair four =
        new Pair(
            slow, SocketOptions.DEFAULT, s -> slow.server.program.after(100 * Say.MS_NS, s::close));
    four.clientDoes(four.client::close);
    show(evidence, "100 ms later", four, "FA a fa A");

    Pair simultaneous = pair(s -> {});
    simultaneous.both(simultaneous.client::close, simultaneous.server::close);
    show(evidence, "both at once", simultaneous, "FA fa a A");

    halfClose(evidence);
    resets(evidence);
  }

  private static void halfClose(Evidence evidence) {
    Pair half =
        pair(
            s -> {
              s.send(1000);
              s.close();
            });
    half.clientDoes(half.client::shutdownWrite);
    evidence.show(
        half.client.received == 1000 && half.client.endedNs > 0,
        "half-close: " + half.client.received + " B come after the FIN");
  }

  private static void resets(Evidence evidence) {
    Lab busy = new Lab();
    busy.server.program.reads = false;
    Pair unread = new Pair(busy, SocketOptions.DEFAULT, s -> {});
    unread.clientDoes(() -> unread.client.send(BYTES));
    busy.captureAnew();
    busy.server.does(unread.server::close);
    busy.run(1);
    String unreadText = busy.exchange() + " and " + Errno.name(unread.client.errno);
    evidence.show(unreadText.equals("ra and ECONNRESET"), "with unread data: " + unreadText);

    SocketOptions linger0 = new SocketOptions();
    linger0.lingerOn = true;
    Pair abort = pair(linger0, s -> {});
    abort.clientDoes(abort.client::close);
    String abortText =
        abort.lab.exchange()
            + ", "
            + Errno.name(abort.server.errno)
            + ", "
            + abort.lab.client.timeWaits()
            + " TIME_WAIT";
    evidence.show(abortText.equals("RA, ECONNRESET, 0 TIME_WAIT"), "SO_LINGER 0: " + abortText);
  }

  private static void show(Evidence evidence, String what, Pair pair, String expected) {
    String exchange = pair.lab.exchange();
    evidence.show(exchange.equals(expected), what + ": " + exchange);
  }

  /** A6. */
  static void activeCloserWaits(Evidence evidence) {
    Pair byClient = pair(Connection::close);
    byClient.clientDoes(byClient.client::close);
    showTimeWaits(evidence, "the client closes first", byClient, 1, 0);

    Lab lab = new Lab();
    Pair byServer = new Pair(lab, SocketOptions.DEFAULT, s -> {});
    byServer.client.whenEnded = byServer.client::close;
    lab.server.does(byServer.server::close);
    lab.run(3);
    showTimeWaits(evidence, "the server closes first", byServer, 0, 1);

    Pair race = pair(s -> {});
    race.both(race.client::close, race.server::close);
    showTimeWaits(evidence, "both at once", race, 1, 1);
  }

  private static void showTimeWaits(
      Evidence evidence, String what, Pair pair, int atClient, int atServer) {
    int client = pair.lab.client.timeWaits();
    int server = pair.lab.server.timeWaits();
    evidence.show(
        client == atClient && server == atServer,
        what + ": TIME_WAIT at client " + client + ", at server " + server);
  }

  /** A7. */
  static void whatTimeWaitIsFor(Evidence evidence) {
    Pair guarded = lostLastAck(131_072);
    evidence.show(
        !guarded.server.hasFailed()
            && guarded.lab.server.allSockets() == 0
            && guarded.lab.exchange().startsWith("FA fa A fa A"),
        "the last ACK is lost: " + guarded.lab.exchange() + ", the server's close succeeds");
    Pair unguarded = lostLastAck(0);
    evidence.show(
        unguarded.server.errno == Errno.ECONNRESET,
        "without TIME_WAIT (tcp_max_tw_buckets=0): "
            + unguarded.lab.exchange()
            + ", the server gets "
            + Errno.name(unguarded.server.errno));
    lateData(evidence);
  }

  private static Pair lostLastAck(int timeWaitBuckets) {
    Lab lab = new Lab();
    lab.client.set(Sysctl.TCP_MAX_TW_BUCKETS, timeWaitBuckets);
    Pair pair = new Pair(lab, SocketOptions.DEFAULT, Connection::shutdownWrite);
    lab.toServer.rule(
        SegmentRule.drop()
            .flags(Segment.ACK | Segment.FIN, Segment.ACK)
            .withoutData()
            .from(lab.nowNs())
            .nth(1));
    return pair.clientDoes(pair.client::close);
  }

  /**
   * A copy of a data segment that the network has kept reaches TIME_WAIT, then a new connection.
   */
  private static void lateData(Evidence evidence) {
    Late plain = new Late(0);
    plain.copyArrives();
    evidence.show(
        plain.lab.exchange().equals("DA a R")
            && plain.accepted.get(0).received == BYTES
            && plain.lab.server.timeWaits() == 0,
        "a late copy of data into TIME_WAIT: "
            + plain.lab.exchange()
            + ", no application sees it, but that RST ends TIME_WAIT (RFC 1337)");
    Late guarded = new Late(1);
    guarded.copyArrives();
    final int before = guarded.lab.server.timeWaits();
    guarded.connectsAgain();
    final int after = guarded.lab.server.timeWaits();
    final long rejectedBefore = guarded.lab.server.counter(Mib.PAWS_ESTAB);
    guarded.copyArrives();
    Connection second = guarded.accepted.get(1);
    evidence.show(
        before == 1
            && after == 0
            && second.received == 0
            && guarded.lab.server.counter(Mib.PAWS_ESTAB) == rejectedBefore + 1,
        "with tcp_rfc1337=1 it stays, yet a newer SYN ends it at once, and it is the timestamp"
            + " (PAWS) that keeps the late copy out of the new connection, which receives "
            + second.received
            + " B");
  }

  /** A connection that the server closed first, and a copy of the client's data. */
  private static final class Late {
    final Lab lab = new Lab();
    final List<Connection> accepted = new ArrayList<>();
    private final Segment copy = new Segment();
    private final int port;

    Late(int rfc1337) {
      lab.server.set(Sysctl.TCP_RFC1337, rfc1337);
      lab.toServer.rule(copyOfData(copy));
      lab.server.program.whenAccepted = accepted::add;
      Connection client = lab.connected();
      client.whenEnded = client::close;
      port = lab.client.localPort(client);
      lab.client.does(() -> client.send(BYTES));
      lab.run(1);
      lab.server.does(accepted.get(0)::close);
      lab.run(1);
    }

    void copyArrives() {
      lab.captureAnew();
      lab.client.does(() -> lab.client.program.raw(copy));
      lab.run(1);
    }

    /** From the same port. */
    void connectsAgain() {
      SocketOptions reuse = new SocketOptions();
      reuse.reuseAddress = true;
      lab.client.does(
          () -> lab.client.program.connectFrom(port, lab.server.address(), Lab.PORT, reuse));
      lab.run(1);
    }
  }

  private static LinkRule copyOfData(Segment copy) {
    return (nowNs, segment) -> {
      if (segment.length > 0 && copy.length == 0) {
        long[] words = new long[6];
        segment.write(words, 0);
        copy.read(words, 0);
      }
      return LinkRule.PASS;
    };
  }

  /** A8. */
  static void finTimeoutIsNotTimeWait(Evidence evidence) {
    for (int timeout : new int[] {10, 60, 120}) {
      double lifeS = timeWaitS(timeout);
      evidence.show(
          Say.isBetween(lifeS, 60, 62.1),
          "tcp_fin_timeout=" + timeout + ": TIME_WAIT " + Say.time(lifeS));
    }
    int[] timeouts = {10, 60, 70, 120};
    double[] leastS = {10, 60, 20, 120};
    for (int i = 0; i < timeouts.length; i++) {
      double lifeS = orphanedFinWait2S(timeouts[i]);
      evidence.show(
          Say.isBetween(lifeS, leastS[i], leastS[i] * 1.04 + 0.2),
          "tcp_fin_timeout=" + timeouts[i] + ": orphaned FIN_WAIT_2 " + Say.time(lifeS));
    }
  }

  private static double timeWaitS(int finTimeout) {
    Lab lab = new Lab();
    lab.client.set(Sysctl.TCP_FIN_TIMEOUT, finTimeout);
    Pair pair = new Pair(lab, SocketOptions.DEFAULT, Connection::close);
    return clientGoneAfterS(pair);
  }

  /** The server never closes. */
  private static double orphanedFinWait2S(int finTimeout) {
    Lab lab = new Lab();
    lab.client.set(Sysctl.TCP_FIN_TIMEOUT, finTimeout);
    return clientGoneAfterS(new Pair(lab, SocketOptions.DEFAULT, s -> {}));
  }

  private static double clientGoneAfterS(Pair pair) {
    double startS = pair.lab.nowS();
    pair.lab.client.does(pair.client::close);
    pair.lab.await(300, () -> pair.lab.client.allSockets() == 0);
    return pair.lab.nowS() - startS;
  }
}
