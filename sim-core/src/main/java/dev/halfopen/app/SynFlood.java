package dev.halfopen.app;

import dev.halfopen.engine.Order;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import dev.halfopen.net.Segment;

/**
 * SYNs with forged sources, as a lane: the flood is a node of its own that listens to nobody, so
 * that its nth SYN is a function of (seed, node, n) and of the link before it, which no one else
 * uses. However many are on their way, one is known at a time, and the next is made when it has
 * arrived. Its place in the total order is that of any packet: instant, kind, this node, n.
 */
@SuppressWarnings("NullAway.Init") // the world attaches it before anything is called
public final class SynFlood {
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = (1 << 16) - FIRST_PORT;
  private static final int RAW_WINDOW = 512;
  private static final int LINUX_WINDOW = 64_240;
  private static final int MSS = 1460;
  private static final int WINDOW_SCALE = 7;

  private final SynFloodConfig config;
  private final Segment syn = new Segment();
  private final int ipBytes;
  private final long answeringBelow;

  private Host node;
  private Link link;
  private Arrivals departures;
  private long sources;
  private long sequences;
  private long answers;

  private long sent;
  private long dropped;
  private long arrivalNs = Arrivals.NEVER;

  public SynFlood(SynFloodConfig config) {
    this.config = config;
    if (config.sourceCount < 1 || config.sourceCount > 1L << 32) {
      throw new IllegalArgumentException(config.sourceCount + " forged addresses; 1..2^32");
    }
    if (!(config.answeringShare >= 0 && config.answeringShare <= 1)) {
      throw new IllegalArgumentException("share of " + config.answeringShare + "; 0..1");
    }
    this.answeringBelow =
        config.answering == null ? 0 : (long) (config.answeringShare * (1L << 32));
    syn.destination = config.victimAddress;
    syn.flags = Segment.SYN;
    syn.window = RAW_WINDOW;
    offer(config.options);
    ipBytes = syn.ipBytes();
  }

  private void offer(SynFloodConfig.Options options) {
    if (options == SynFloodConfig.Options.NONE) {
      return;
    }
    syn.options = Segment.OPT_MSS;
    syn.mss = MSS;
    if (options == SynFloodConfig.Options.LINUX) {
      syn.options |= Segment.OPT_SACK_PERMITTED | Segment.OPT_TIMESTAMP | Segment.OPT_WINDOW_SCALE;
      syn.windowScale = WINDOW_SCALE;
      syn.window = LINUX_WINDOW;
    }
  }

  /** Called once, when the world is built, with the flood's node and its link to the victim. */
  public void attach(Host itsNode, Link itsLink, long seed) {
    node = itsNode;
    link = itsLink;
    sources = RandomStreams.stream(seed, node.id(), Purposes.FORGED_SOURCE);
    sequences = RandomStreams.stream(seed, node.id(), Purposes.FORGED_SEQUENCE);
    answers = RandomStreams.stream(seed, node.id(), Purposes.FORGED_ANSWERS);
    departures = Arrivals.of(config, seed, node.id());
  }

  /** Moves to the next SYN that the link delivers; false if there is none any more. */
  public boolean advance() {
    while (departures.nextNs() != Arrivals.NEVER) {
      long departureNs = departures.nextNs();
      departures.advance();
      sent++;
      arrivalNs = link.enqueue(departureNs, ipBytes);
      if (arrivalNs != Link.DROPPED) {
        return true;
      }
      dropped++;
    }
    arrivalNs = Arrivals.NEVER;
    return false;
  }

  /** When the SYN at hand arrives; Long.MAX_VALUE if there is none. */
  public long arrivalNs() {
    return arrivalNs;
  }

  /** The order key of the SYN at hand: its number is the node's emission number. */
  public long order() {
    return Order.of(Order.FLOOD, node.id(), sent - 1);
  }

  /** Writes the SYN at hand as {@link Segment#write} does. */
  public void write(long[] words, int at) {
    long n = sent - 1;
    long where = RandomStreams.bits(sources, n);
    syn.source = source(where, n);
    int port = FIRST_PORT + (int) ((where & 0xFFFF) * PORTS >>> 16);
    syn.ports = port << 16 | config.victimPort;
    long numbers = RandomStreams.bits(sequences, n);
    syn.seq = (int) numbers;
    syn.tsValue = (int) (numbers >>> 32);
    syn.write(words, at);
  }

  private int source(long where, long n) {
    Host answering = config.answering;
    if (answering != null && RandomStreams.bits(answers, n) >>> 32 < answeringBelow) {
      return answering.firstAddress() + RandomStreams.below(where, answering.addressCount());
    }
    return config.sourceFirst + (int) ((where >>> 32) * config.sourceCount >>> 32);
  }

  /** SYNs made so far: the one at hand is on its way, those before it have arrived or were lost. */
  public long sent() {
    return sent;
  }

  /** SYNs for which the queue of the flood's own link had no room. */
  public long dropped() {
    return dropped;
  }
}
