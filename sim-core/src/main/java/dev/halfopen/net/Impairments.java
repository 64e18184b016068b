package dev.halfopen.net;

import dev.halfopen.engine.RandomStreams;
import java.util.Arrays;

/**
 * What goes wrong on one direction of a wire: loss, jitter, reordering and duplication by
 * probability, and {@link LinkRule}s. A link without any has none of these, which costs one null
 * check per packet. Each kind draws from a stream of its own, so that switching one on disturbs no
 * other.
 */
public final class Impairments {
  /** Purposes of the random streams: this, the receiving host and the kind of the draw. */
  private static final int PURPOSE = 1 << 24;

  private static final int LOSS = 0;
  private static final int JITTER = 1;
  private static final int REORDER = 2;
  private static final int DUPLICATE = 3;
  private static final int KINDS = 4;

  /** When the sender gives up a neighbour that it begins to ask for now. */
  @FunctionalInterface
  public interface NeighbourTimer {
    long failsNs(long nowNs);
  }

  /** The stream of each kind, and how many numbers of it have been used. */
  private final long[] streams = new long[KINDS];

  private final long[] draws = new long[KINDS];

  /** Of the link itself. */
  private double ownLoss;

  /** What packets are lost with now: the link's own, or that of a fault. */
  private double lossProbability;

  /** By the number of the fault. */
  private double[] faultLosses = new double[0];

  /** Numbers of the loss faults that last, in the order in which they began. */
  private int[] lasting = new int[0];

  private int lastingCount;

  private double duplicateProbability;
  private double reorderProbability;
  private long reorderNs;
  private long jitterNs;
  private boolean jitterKeepsOrder;
  private long lastArrivalNs;
  private LinkRule[] rules = new LinkRule[0];

  /** Partitions that last. */
  private int cuts;

  private DeadAddress otherEnd = DeadAddress.SILENT;
  private NeighbourTimer neighbour = nowNs -> nowNs;

  /** When the question for the neighbour's address that is under way fails. */
  private long resolvedNs = Long.MIN_VALUE;

  private long lost;
  private long rejected;
  private long delayed;
  private long duplicated;

  /** Of the link that leads from one host to another. */
  public Impairments(long seed, int fromHost, int toHost) {
    for (int kind = 0; kind < KINDS; kind++) {
      streams[kind] = RandomStreams.stream(seed, fromHost, PURPOSE + toHost * KINDS + kind);
    }
  }

  /** Loses each segment with this probability while no fault says otherwise. */
  public Impairments loss(double probability) {
    ownLoss = probability;
    judgeLoss();
    return this;
  }

  /**
   * Makes room for a fault that loses each segment with this probability, before the run.
   *
   * @return its number for {@link #beginLoss} and {@link #endLoss}
   */
  public int planLoss(double probability) {
    int n = faultLosses.length;
    faultLosses = Arrays.copyOf(faultLosses, n + 1);
    faultLosses[n] = probability;
    lasting = new int[n + 1];
    return n;
  }

  /** The fault's loss stands in the place of the link's own and of those that began before. */
  public void beginLoss(int fault) {
    lasting[lastingCount++] = fault;
    judgeLoss();
  }

  /** What began last of the faults that go on stands again, or the link's own loss. */
  public void endLoss(int fault) {
    int kept = 0;
    for (int i = 0; i < lastingCount; i++) {
      if (lasting[i] != fault) {
        lasting[kept++] = lasting[i];
      }
    }
    lastingCount = kept;
    judgeLoss();
  }

  private void judgeLoss() {
    lossProbability = lastingCount == 0 ? ownLoss : faultLosses[lasting[lastingCount - 1]];
  }

  /** Delivers each segment twice with this probability. */
  public Impairments duplication(double probability) {
    duplicateProbability = probability;
    return this;
  }

  /** Delays a segment by {@code ns} with this probability; what follows overtakes it. */
  public Impairments reordering(double probability, long ns) {
    reorderProbability = probability;
    reorderNs = ns;
    return this;
  }

  /** Delays every segment by up to {@code ns}, uniform; first in, first out if it keeps order. */
  public Impairments jitter(long ns, boolean keepsOrder) {
    jitterNs = ns;
    jitterKeepsOrder = keepsOrder;
    return this;
  }

  /** Adds a rule; rules are asked in this order until one does not let pass. */
  public Impairments rule(LinkRule rule) {
    rules = Arrays.copyOf(rules, rules.length + 1);
    rules[rules.length - 1] = rule;
    return this;
  }

  /** Cuts the link: nothing that is sent arrives until it has been mended as often. */
  public void cut() {
    cuts++;
  }

  /** Undoes one {@link #cut}. */
  public void mend() {
    cuts--;
  }

  /** What becomes of what is sent to the host at the other end, whose power is gone or back. */
  public void otherEnd(DeadAddress what, NeighbourTimer timer) {
    otherEnd = what;
    neighbour = timer;
    resolvedNs = Long.MIN_VALUE;
  }

  private long faultVerdict(long nowNs) {
    if (cuts > 0) {
      return LinkRule.DROP;
    }
    return switch (otherEnd) {
      case SILENT -> LinkRule.PASS;
      case UNREACHABLE -> LinkRule.reject(LinkRule.HOST_UNREACHABLE, 0);
      case NO_ARP -> unresolved(nowNs);
    };
  }

  /**
   * The neighbour does not answer ARP: what is queued for it fails together when the third question
   * has gone unanswered ({@code neigh_timer_handler}, {@code arp_error_report}).
   */
  private long unresolved(long nowNs) {
    if (nowNs > resolvedNs) {
      resolvedNs = neighbour.failsNs(nowNs);
    }
    return LinkRule.reject(LinkRule.HOST_UNREACHABLE, Math.max(1, resolvedNs - nowNs));
  }

  /** A verdict of {@link LinkRule}: a fault's, the first rule that has one, else chance. */
  public long judge(long nowNs, Segment segment) {
    long verdict = faultVerdict(nowNs);
    for (int i = 0; i < rules.length && verdict == LinkRule.PASS; i++) {
      verdict = rules[i].judge(nowNs, segment);
    }
    if (verdict == LinkRule.PASS) {
      verdict = chance();
    }
    count(verdict);
    return verdict;
  }

  private void count(long verdict) {
    if (verdict == LinkRule.DROP) {
      lost++;
    } else if (verdict == LinkRule.DUPLICATE) {
      duplicated++;
    } else if (LinkRule.isReject(verdict)) {
      rejected++;
    } else if (verdict > 0) {
      delayed++;
    }
  }

  private long chance() {
    if (happens(LOSS, lossProbability)) {
      return LinkRule.DROP;
    }
    if (happens(DUPLICATE, duplicateProbability)) {
      return LinkRule.DUPLICATE;
    }
    return happens(REORDER, reorderProbability) ? reorderNs : LinkRule.PASS;
  }

  private boolean happens(int kind, double probability) {
    return probability > 0 && RandomStreams.unit(next(kind)) < probability;
  }

  private long next(int kind) {
    return RandomStreams.bits(streams[kind], draws[kind]++);
  }

  /** When a segment arrives that the link alone would deliver at {@code arrivalNs}. */
  public long arrivalNs(long arrivalNs, long verdict) {
    long at = arrivalNs;
    if (jitterNs > 0) {
      at += (long) (RandomStreams.unit(next(JITTER)) * jitterNs);
    }
    if (jitterKeepsOrder) {
      at = Math.max(at, lastArrivalNs);
      lastArrivalNs = at;
    }
    return verdict > 0 ? at + verdict : at;
  }

  /** Segments that were lost. */
  public long lost() {
    return lost;
  }

  /** Segments that were answered with ICMP unreachable. */
  public long rejected() {
    return rejected;
  }

  /** Segments that were held back by a rule or reordered. */
  public long delayed() {
    return delayed;
  }

  /** Segments that arrived twice. */
  public long duplicated() {
    return duplicated;
  }
}
