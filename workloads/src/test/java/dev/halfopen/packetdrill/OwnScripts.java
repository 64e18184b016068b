package dev.halfopen.packetdrill;

import dev.halfopen.tcp.KernelProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The project's scripts, in the order of their names. */
record OwnScripts(String name, String text) {
  static final Path ROOT = Path.of("src/test/resources/packetdrill");

  static List<OwnScripts> all() {
    try (Stream<Path> walk = Files.walk(ROOT)) {
      return walk.filter(p -> p.toString().endsWith(".pkt"))
          .sorted()
          .map(p -> new OwnScripts(ROOT.relativize(p).toString(), read(p)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path p) {
    try {
      return Files.readString(p);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Packetdrill linux() {
    return new Packetdrill(KernelProfile.LINUX_6_18, false, false, Map.of());
  }

  @Override
  public String toString() {
    return name;
  }
}
