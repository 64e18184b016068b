package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a scenario has go wrong that can leave requests without an acknowledgement or an answer:
 * evidence for a diagnosis.
 *
 * @param a the host or group it happened to, or one end of the link
 * @param b the other end; "" where it happened to a host
 * @param toNs {@link Long#MAX_VALUE}: it lasts to the end
 * @param isSilent whether segments get lost, so that not even an acknowledgement comes
 */
public record Mishap(String text, String a, String b, long fromNs, long toNs, boolean isSilent) {
  /**
   * Whether it touches packets between two hosts, or one of the two.
   *
   * @param x name of a host or a group
   * @param y name of a host or a group
   */
  public boolean concerns(WorldSpec world, String x, String y) {
    if (b.isEmpty()) {
      return world.overlap(a, x) || world.overlap(a, y);
    }
    return (world.overlap(a, x) && world.overlap(b, y))
        || (world.overlap(a, y) && world.overlap(b, x));
  }

  /** All of a scenario, the first one first. */
  public static List<Mishap> of(WorldSpec world) {
    List<Mishap> all = new ArrayList<>();
    for (LinkSpec link : world.links()) {
      if (link.forth().loss() > 0 || link.back().loss() > 0) {
        String text = "the link between " + link.a() + " and " + link.b() + " loses packets";
        all.add(new Mishap(text, link.a(), link.b(), 0, Long.MAX_VALUE, true));
      }
    }
    List<Outages.Change> boots = Outages.of(world).boots();
    for (FaultSpec fault : world.faults()) {
      if (fault instanceof PowerLossFault.Spec f) {
        long backNs =
            boots.stream()
                .filter(b -> b.name().equals(f.host()) && b.atNs() > f.atNs())
                .mapToLong(Outages.Change::atNs)
                .min()
                .orElse(Long.MAX_VALUE);
        all.add(new Mishap(f.host() + " had no power", f.host(), "", f.atNs(), backNs, true));
      } else if (fault instanceof KillFault.Spec f) {
        all.add(
            new Mishap(f.host() + " was killed", f.host(), "", f.atNs(), Long.MAX_VALUE, false));
      } else if (fault instanceof RestartFault.Spec f) {
        String text = f.host() + " was restarted";
        all.add(new Mishap(text, f.host(), "", f.atNs(), f.atNs() + f.downNs(), false));
      } else if (fault instanceof HangFault.Spec f) {
        long toNs = end(f.atNs(), f.durationNs());
        all.add(new Mishap(f.host() + " hung", f.host(), "", f.atNs(), toNs, false));
      } else if (fault instanceof PartitionFault.Spec f) {
        all.add(between(f.ends(), "were cut off from each other", f.atNs(), f.durationNs()));
      } else if (fault instanceof LossFault.Spec f) {
        all.add(between(f.ends(), "lost packets", f.atNs(), f.durationNs()));
      }
    }
    all.sort(Comparator.comparingLong(Mishap::fromNs));
    return all;
  }

  private static Mishap between(LinkEnds ends, String what, long atNs, long durationNs) {
    return new Mishap(
        ends.a() + " and " + ends.b() + " " + what,
        ends.a(),
        ends.b(),
        atNs,
        end(atNs, durationNs),
        true);
  }

  private static long end(long atNs, long durationNs) {
    return durationNs == 0 ? Long.MAX_VALUE : atNs + durationNs;
  }
}
