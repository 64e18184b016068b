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
    boolean tcpKeepalive = app.flag("tcpKeepalive", false);
    app.finish();
    return new ResponderSpec(listen.port(), listen.backlog(), tcpKeepalive);
  }

  @Override
  public Application build(ResponderSpec spec, HostSpec host, Assembler world) {
    ChurnConfig config = new ChurnConfig();
    config.serverPort = spec.port();
    config.listenBacklog = spec.backlog();
    if (spec.tcpKeepalive()) {
      config.serverOptions = config.serverOptions.copy();
      config.serverOptions.keepalive = true;
    }
    return new ChurnServer(config);
  }
}
