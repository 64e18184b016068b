package dev.halfopen.scenario;

/**
 * A group of hosts and a port, written {@code group:port}.
 *
 * @param group "" where it could not be read
 */
record Address(String group, int port) {
  static Address read(MapReader reader, String key) {
    String text = reader.requiredText(key);
    int colon = text.lastIndexOf(':');
    if (text.isEmpty()) {
      return new Address("", 0);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 1 && port <= 65535) {
        return new Address(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // told below, as a port out of range is
    }
    reader.problem(key, "\"" + text + "\" is not HOST:PORT");
    return new Address("", 0);
  }
}
