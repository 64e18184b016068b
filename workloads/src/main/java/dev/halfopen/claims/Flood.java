package dev.halfopen.claims;

import dev.halfopen.oracle.Actor;
import dev.halfopen.oracle.RawSyn;
import java.util.function.IntUnaryOperator;

/** SYNs whose sender will never answer, at a constant rate. */
final class Flood {
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 60_000;

  private final Actor attacker;
  private final int target;
  private final int syns;
  private final long intervalNs;
  private int sent;

  private Flood(Machine attacker, Machine target, int syns, double perSecond) {
    this.attacker = attacker.program;
    this.target = target.address();
    this.syns = syns;
    this.intervalNs = (long) (Say.SECOND_NS / perSecond);
  }

  /** From addresses that are nobody's, so that nobody answers the SYN-ACK with RST. */
  static void spoofed(Machine attacker, Machine target, int syns, double perSecond) {
    Flood flood = new Flood(attacker, target, syns, perSecond);
    attacker.does(() -> flood.nextSpoofed());
  }

  /** From real addresses: the nth SYN has {@code address.applyAsInt(n)}. */
  static void from(
      Machine attacker, IntUnaryOperator address, Machine target, int syns, double perSecond) {
    Flood flood = new Flood(attacker, target, syns, perSecond);
    attacker.does(() -> flood.nextFrom(address));
  }

  private void nextSpoofed() {
    attacker.raw(RawSyn.spoofed(sent++, target));
    if (sent < syns) {
      attacker.after(intervalNs, this::nextSpoofed);
    }
  }

  private void nextFrom(IntUnaryOperator address) {
    attacker.raw(RawSyn.syn(address.applyAsInt(sent), FIRST_PORT + sent % PORTS, target));
    sent++;
    if (sent < syns) {
      attacker.after(intervalNs, () -> nextFrom(address));
    }
  }
}
