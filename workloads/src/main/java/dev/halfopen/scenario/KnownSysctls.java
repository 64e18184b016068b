package dev.halfopen.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** The names of the net.* sysctls of Linux, so that a real one is told from a typing error. */
final class KnownSysctls {
  private static final Set<String> KEYS = load();

  private KnownSysctls() {}

  static Set<String> keys() {
    return KEYS;
  }

  private static Set<String> load() {
    Set<String> keys = new TreeSet<>();
    try (InputStream in = KnownSysctls.class.getResourceAsStream("known-sysctls.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).forEach(keys::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return keys;
  }
}
