package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;

/** {@code role: responder}. */
final class ResponderRole implements AppRole<ResponderSpec> {
  @Override
  public String word() {
    return "responder";
  }

  @Override
  public Class<ResponderSpec> specType() {
    return ResponderSpec.class;
  }

  @Override
  public ResponderSpec read(MapReader app) {
    ListenSpec listen = ListenSpec.read(app, "4096");
    app.finish();
    return new ResponderSpec(listen.port(), listen.backlog());
  }

  @Override
  public Application build(ResponderSpec spec, HostSpec host, Assembler world) {
    ChurnConfig config = new ChurnConfig();
    config.serverPort = spec.port();
    config.listenBacklog = spec.backlog();
    return new ChurnServer(config);
  }
}
