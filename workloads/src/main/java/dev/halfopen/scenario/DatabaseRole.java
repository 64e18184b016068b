package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.Database;
import dev.halfopen.app.DatabaseConfig;

/**
 * {@code role: database}. Of a group that a name stands for, the host that the name has at first is
 * the primary and the others are standbys.
 */
final class DatabaseRole implements AppRole<DatabaseSpec> {
  @Override
  public String word() {
    return "database";
  }

  @Override
  public Class<DatabaseSpec> specType() {
    return DatabaseSpec.class;
  }

  @Override
  public DatabaseSpec read(MapReader app) {
    ListenSpec listen = ListenSpec.read(app, "200");
    int most = app.count("maxConnections", "100", "1..262143");
    int reserved = app.count("reservedConnections", "3", "0..262143");
    if (reserved >= most) {
      app.problem("reservedConnections", "leaves none of " + most + " connections");
    }
    DatabaseSpec spec =
        new DatabaseSpec(
            listen.port(),
            listen.backlog(),
            most,
            reserved,
            TimeSpec.read(app, "queryTime"),
            app.flag("tcpKeepalive", true));
    app.finish();
    return spec;
  }

  @Override
  public Application build(DatabaseSpec spec, HostSpec host, Assembler world) {
    DatabaseConfig config = new DatabaseConfig();
    config.listenPort = spec.port();
    config.listenBacklog = spec.backlog();
    config.maxConnections = spec.maxConnections();
    config.reservedConnections = spec.reservedConnections();
    config.queryTime = spec.queryTime().distribution();
    config.listenOptions = DatabaseConfig.listenOptions(spec.tcpKeepalive());
    config.standby = isStandby(host, world.spec());
    return new Database(config);
  }

  private static boolean isStandby(HostSpec host, WorldSpec world) {
    boolean anyNamed = false;
    for (NameSpec name : world.names()) {
      if (name.host().equals(host.name())) {
        return false;
      }
      anyNamed |= world.host(name.host()).filter(h -> h.group().equals(host.group())).isPresent();
    }
    return anyNamed;
  }
}
