package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import java.util.Iterator;

/** What a shell offers where a workload is wanted. */
final class WorkloadNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Catalog.entries().stream().map(Catalog.Entry::name).iterator();
  }
}
