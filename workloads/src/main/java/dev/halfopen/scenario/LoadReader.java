package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code load:}. */
final class LoadReader {
  private LoadReader() {}

  static List<LoadSpec> read(MapReader loads) {
    List<LoadSpec> all = new ArrayList<>();
    loads.eachMap(LoadReader::load).forEach(load -> load.ifPresent(all::add));
    return all;
  }

  private static Optional<LoadSpec> load(MapReader load) {
    String word = load.has("kind") ? load.text("kind") : RequestLoadKind.WORD;
    load.known("kind");
    Optional<LoadKind<?>> kind = Registry.loadKind(word);
    if (kind.isEmpty()) {
      load.problem("kind", Registry.LOADS.unknown("kind of load", word));
      return Optional.empty();
    }
    return Optional.of(kind.get().read(load));
  }
}
