package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a scenario has go wrong that can leave requests without an acknowledgement or an answer:
 * evidence for a diagnosis.
 *
 * @param toNs {@link Long#MAX_VALUE}: it lasts to the end
 * @param isSilent whether segments get lost, so that not even an acknowledgement comes
 */
public record Mishap(String text, long fromNs, long toNs, boolean isSilent) {
  /** All of a scenario, the first one first. */
  public static List<Mishap> of(WorldSpec world) {
    List<Mishap> all = new ArrayList<>();
    for (LinkSpec link : world.links()) {
      if (link.forth().loss() > 0 || link.back().loss() > 0) {
        String text = "the link between " + link.a() + " and " + link.b() + " loses packets";
        all.add(new Mishap(text, 0, Long.MAX_VALUE, true));
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
        all.add(new Mishap(f.host() + " had no power", f.atNs(), backNs, true));
      } else if (fault instanceof KillFault.Spec f) {
        all.add(new Mishap(f.host() + " was killed", f.atNs(), Long.MAX_VALUE, false));
      } else if (fault instanceof RestartFault.Spec f) {
        String text = f.host() + " was restarted";
        all.add(new Mishap(text, f.atNs(), f.atNs() + f.downNs(), false));
      } else if (fault instanceof HangFault.Spec f) {
        all.add(new Mishap(f.host() + " hung", f.atNs(), end(f.atNs(), f.durationNs()), false));
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
        ends.a() + " and " + ends.b() + " " + what, atNs, end(atNs, durationNs), true);
  }

  private static long end(long atNs, long durationNs) {
    return durationNs == 0 ? Long.MAX_VALUE : atNs + durationNs;
  }
}
