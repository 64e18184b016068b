package dev.halfopen.scenario;

/** {@code listen:} of an application. */
record ListenSpec(int port, int backlog, int listeners) {
  static ListenSpec read(MapReader app, String defaultBacklog) {
    app.require("listen");
    MapReader listen = app.mapOrEmpty("listen");
    if (app.has("listen")) {
      listen.require("port");
    }
    int port = listen.count("port", "80", "1..65535");
    int backlog = listen.count("backlog", defaultBacklog, "0..2147483647");
    int listeners = listen.count("reusePort", "1", "1..1024");
    listen.finish();
    return new ListenSpec(port, backlog, listeners);
  }
}
