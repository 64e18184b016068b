package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Which column of timeseries.csv shows a resource of summary.json. */
final class ResourceColumn {
  private static final String POOL = "connection pool";
  private static final String IN_USE = ".inUse";

  private ResourceColumn() {}

  static boolean isPool(JsonNode resource) {
    return resource.path("resource").asText().equals(POOL);
  }

  /** The column of a pool's connections, from that of those in use. */
  static String size(String inUse) {
    return inUse.replace(IN_USE, ".size");
  }

  /** The column of those who wait for a pool's connection, from that of those in use. */
  static String waiting(String inUse) {
    return inUse.replace(IN_USE, ".waiting");
  }

  /** "ephemeral ports, proxy -> upstream:8080": the hosts of a group together. */
  static String title(JsonNode resource) {
    String host = group(resource.path("host").asText());
    String title = resource.path("resource").asText() + ", " + host;
    return (title + " " + group(resource.path("detail").asText())).strip();
  }

  /** The column that the resource names; none where the run has not recorded it. */
  static Optional<String> of(JsonNode resource, TimeSeries series) {
    return Optional.of(resource.path("series").asText("")).filter(series::has);
  }

  /** "api" of "api-1", "-> api:80" of "-> api-1:80": the hosts of a group are told together. */
  static String group(String host) {
    return host.replaceFirst("-[0-9]+(?=:[0-9]+$|$)", "");
  }
}
