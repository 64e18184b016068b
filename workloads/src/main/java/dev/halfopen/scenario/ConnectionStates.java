package dev.halfopen.scenario;

import dev.halfopen.app.AppServer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code breakdown: connectionStateAt(NAME)}: at the instant of that fault the application servers
 * remember what their database connections are doing. Without the key that is when the first host
 * goes away.
 */
final class ConnectionStates {
  private static final Pattern FORM = Pattern.compile("connectionStateAt\\((\\w+)\\)");

  private ConnectionStates() {}

  /** The instant, or empty without the key. */
  static Optional<Long> read(MapReader top, Map<String, Long> faultTimes) {
    String text = top.text("breakdown");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      top.problem("breakdown", "is not connectionStateAt(NAME) with the name of a fault");
      return Optional.empty();
    }
    Long atNs = faultTimes.get(m.group(1));
    if (atNs == null) {
      top.problem(
          "breakdown", "no fault " + m.group(1) + Suggest.hint(m.group(1), faultTimes.keySet()));
    }
    return Optional.ofNullable(atNs);
  }

  /** The instant that was read, or that of the first host that goes away. */
  static Optional<Long> instantNs(WorldSpec world) {
    return world.breakdownNs().or(() -> Outages.of(world).first().map(Outages.End::atNs));
  }

  static void plan(long atNs, Assembly.App app, Assembler world) {
    if (app.spec() instanceof AppServerSpec) {
      long ns = atNs + onTheirWayNs(atNs, app, world.spec());
      world.faults().tell(world.host(app.host().name()), ns, AppServer.MARK, 0);
    }
  }

  /**
   * For how long packets still arrive from a host that has lost its power: what an acknowledgement
   * or an answer does that was on its way belongs to the state at that moment. The way and as much
   * again, which is more than the time that the last packet takes to be sent.
   */
  private static long onTheirWayNs(long atNs, Assembly.App app, WorldSpec world) {
    return Outages.of(world).ends().stream()
        .filter(end -> end.powerLoss() && end.atNs() == atNs)
        .flatMap(end -> world.hosts().stream().filter(end::isMeant))
        .mapToLong(gone -> world.rttNs(app.host().group(), gone.group()))
        .max()
        .orElse(0);
  }
}
