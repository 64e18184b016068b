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

  /** Columns belong to groups of hosts: "upstream-1" is part of "upstream". */
  static Optional<String> of(JsonNode resource, TimeSeries series) {
    String named = resource.path("series").asText("");
    if (!named.isEmpty()) {
      return series.has(named) ? Optional.of(named) : Optional.empty();
    }
    String host = resource.path("host").asText("");
    String what = resource.path("resource").asText("");
    String detail = resource.path("detail").asText("");
    for (String owner : new String[] {host, group(host)}) {
      for (String name : series.names()) {
        if (name.startsWith(owner + ".")
            && shows(name.substring(owner.length() + 1), what, detail)) {
          return Optional.of(name);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean shows(String column, String what, String detail) {
    return switch (what) {
      case "ephemeral ports" ->
          column.startsWith("ports(")
              && group(peer(detail)).equals(group(column.substring(6, column.lastIndexOf(':'))));
      case "TIME_WAIT sockets", "TIME_WAIT buckets" -> column.equals("timewait");
      case "SYN queue" -> column.equals("synRecv");
      case "workers" -> column.equals(detail + ".workers") || ends(column, detail, ".workers");
      case "worker connections" -> ends(column, detail, ".connections");
      case "open files" -> ends(column, detail, ".openFiles");
      case "accept queue" -> column.equals("acceptQueue");
      case "connection tracking" -> column.equals("conntrack");
      case "CPU" -> column.equals("cpuQueue");
      case POOL -> column.equals(detail + IN_USE);
      case "max_connections" -> column.equals("connections");
      case "orphans", "orphaned sockets" -> column.equals("orphaned");
      default -> false;
    };
  }

  /** Of the only application that is meant. */
  private static boolean ends(String column, String detail, String end) {
    return detail.isEmpty() && column.endsWith(end);
  }

  /** "upstream-1" of "-> upstream-1:8080". */
  private static String peer(String detail) {
    int from = detail.startsWith("-> ") ? 3 : 0;
    int colon = detail.lastIndexOf(':');
    return colon < from ? detail.substring(from) : detail.substring(from, colon);
  }

  /** "api" of "api-1", "-> api:80" of "-> api-1:80": the hosts of a group are told together. */
  static String group(String host) {
    return host.replaceFirst("-[0-9]+(?=:[0-9]+$|$)", "");
  }
}
