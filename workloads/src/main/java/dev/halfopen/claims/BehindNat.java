package dev.halfopen.claims;

import dev.halfopen.net.LinkRule;
import dev.halfopen.net.Segment;
import dev.halfopen.oracle.Connection;
import dev.halfopen.oracle.RawSyn;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;

/** Two machines behind one address: what tcp_tw_recycle of old kernels does to the second. */
final class BehindNat {
  /** The second machine was started a minute later, so that its timestamps are lower. */
  private static final int YOUNGER_MS = 60_000;

  private static final int OTHER_PORT = 50_000;

  private BehindNat() {}

  static void show(Evidence evidence) {
    Lab plain = secondMachine(0);
    Lab recycling = secondMachine(1);
    evidence.show(
        synAcks(plain) == 1
            && synAcks(recycling) == 0
            && recycling.server.counter(Mib.PAWS_PASSIVE) == 1,
        "a second machine behind one address gets "
            + synAcks(plain)
            + " SYN-ACK from 3.10, "
            + synAcks(recycling)
            + " with tcp_tw_recycle=1");
    evidence.show(!isKnown(KernelProfile.LINUX_6_18), "6.18 has no tcp_tw_recycle");
  }

  /** The server has closed a connection of one machine; then comes a SYN of another. */
  private static Lab secondMachine(int recycle) {
    Lab lab = new Lab(KernelProfile.LINUX_3_10);
    lab.server.set(Sysctl.TCP_TW_RECYCLE, recycle);
    List<Integer> stamps = new ArrayList<>();
    lab.toServer.rule(stampsInto(stamps));
    List<Connection> accepted = new ArrayList<>();
    lab.server.program.whenAccepted = accepted::add;
    Connection first = lab.connected();
    first.whenEnded = first::close;
    lab.server.does(accepted.get(0)::close);
    lab.run(5);
    Segment syn = RawSyn.syn(lab.client.address(), OTHER_PORT, lab.server.address());
    syn.options |= Segment.OPT_TIMESTAMP;
    syn.tsValue = stamps.get(stamps.size() - 1) - YOUNGER_MS;
    lab.captureAnew();
    lab.client.does(() -> lab.client.program.raw(syn));
    lab.run(0.5);
    return lab;
  }

  private static LinkRule stampsInto(List<Integer> stamps) {
    return (nowNs, segment) -> {
      stamps.add(segment.tsValue);
      return LinkRule.PASS;
    };
  }

  private static long synAcks(Lab lab) {
    return lab.packetsWith(false, Segment.SYN, Segment.SYN);
  }

  private static boolean isKnown(KernelProfile kernel) {
    try {
      new Lab(kernel).client.set(Sysctl.TCP_TW_RECYCLE, 1);
      return true;
    } catch (IllegalArgumentException noSuchKey) {
      return false;
    }
  }
}
