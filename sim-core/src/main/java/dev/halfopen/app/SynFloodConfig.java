package dev.halfopen.app;

import dev.halfopen.net.Host;
import org.jspecify.annotations.Nullable;

/** What a {@link SynFlood} sends, and from whom it pretends to come. */
public final class SynFloodConfig {
  /** What a SYN offers; it decides what a cookie can remember. */
  public enum Options {
    /** None, as raw generators send: the server takes an MSS of 536. */
    NONE,
    /** MSS 1460 and nothing else. */
    MSS,
    /** What a Linux client offers: MSS, SACK, timestamps, window scale 7. */
    LINUX
  }

  public int victimAddress;
  public int victimPort = 80;

  /** {@code rateCount} SYNs per {@code ratePerNs}. */
  public long rateCount = 100_000;

  public long ratePerNs = ClientFarmConfig.SECOND_NS;

  /** A rate that changes with time, from time 0 on, in place of the one above; null: none. */
  public @Nullable RateSchedule schedule;

  public boolean poisson;
  public long fromNs;
  public long untilNs = Long.MAX_VALUE;
  public long synsMax = Long.MAX_VALUE;
  public Options options = Options.NONE;

  /**
   * Source addresses: uniform over these, which no host should own, so that nobody answers. Forged
   * ones (default 128.0.0.0/2), or those of the attackers, whose firewall keeps their own kernel
   * from answering with RST.
   */
  public int sourceFirst = 2 << 30;

  /** 1..2^32. */
  public long sourceCount = 1L << 30;

  /**
   * A farm whose machines exist and are no part of the attack: each SYN forges one of their
   * addresses with probability {@link #answeringShare}, and the machine answers our SYN-ACK with
   * RST.
   */
  public @Nullable Host answering;

  /** 0..1. */
  public double answeringShare;
}
