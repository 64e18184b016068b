package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code apps:} of a host. */
final class AppReader {
  private AppReader() {}

  static List<AppPlace> read(MapReader host) {
    List<AppPlace> places = new ArrayList<>();
    Optional<MapReader> apps = host.map("apps");
    if (apps.isPresent()) {
      apps.get().eachMap(AppReader::app).forEach(place -> place.ifPresent(places::add));
    }
    return places;
  }

  private static Optional<AppPlace> app(MapReader app) {
    String word = app.requiredText("role");
    Optional<AppRole<?>> role = Registry.role(word);
    if (role.isPresent()) {
      return Optional.of(new AppPlace(app.name(), role.get().read(app)));
    }
    if (!word.isEmpty()) {
      app.problem("role", Registry.ROLES.unknown("role", word));
    }
    return Optional.empty();
  }
}
