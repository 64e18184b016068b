package dev.halfopen.scenario;

import dev.halfopen.net.DeadAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What takes hosts away in a scenario and what helps, for comparison with what a run shows.
 *
 * @param ends in the order of the file
 * @param partitions in the order of the file
 */
public record Outages(
    List<End> ends,
    List<Partition> partitions,
    List<Change> boots,
    List<Change> promotions,
    List<Change> namings) {
  public Outages {
    ends = List.copyOf(ends);
    partitions = List.copyOf(partitions);
    boots = List.copyOf(boots);
    promotions = List.copyOf(promotions);
    namings = List.copyOf(namings);
  }

  /** A host lost its power or its applications were killed. */
  public record End(long atNs, String host, boolean powerLoss, DeadAddress deadAddress) {
    /** Whether the host, or the group that it belongs to, is the one that went away. */
    public boolean isMeant(HostSpec spec) {
      return host.equals(spec.name()) || host.equals(spec.group());
    }
  }

  /** A host boots or takes writes, or a name changes. */
  public record Change(long atNs, String name) {}

  /** A partition; {@code durationNs} 0: for ever. */
  public record Partition(long atNs, long durationNs) {}

  /** Reads the faults of a scenario. */
  public static Outages of(WorldSpec world) {
    List<End> ends = new ArrayList<>();
    List<Partition> partitions = new ArrayList<>();
    List<Change> boots = new ArrayList<>();
    List<Change> promotions = new ArrayList<>();
    List<Change> namings = new ArrayList<>();
    for (FaultSpec fault : world.faults()) {
      if (fault instanceof PowerLossFault.Spec f) {
        ends.add(new End(f.atNs(), f.host(), true, f.deadAddress()));
      } else if (fault instanceof KillFault.Spec f) {
        ends.add(new End(f.atNs(), f.host(), false, DeadAddress.SILENT));
      } else if (fault instanceof PartitionFault.Spec f) {
        partitions.add(new Partition(f.atNs(), f.durationNs()));
      } else if (fault instanceof BootFault.Spec f) {
        boots.add(new Change(f.atNs(), f.host()));
      } else if (fault instanceof AcceptWritesFault.Spec f) {
        promotions.add(new Change(f.atNs(), f.host()));
      } else if (fault instanceof SetNameFault.Spec f) {
        namings.add(new Change(f.atNs(), f.dnsName()));
      }
    }
    return new Outages(ends, partitions, boots, promotions, namings);
  }

  /** The first host that goes away. */
  public Optional<End> first() {
    return ends.stream().findFirst();
  }
}
