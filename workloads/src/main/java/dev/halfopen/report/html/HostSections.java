package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.halfopen.report.Figures;
import java.util.List;

/**
 * Sockets and counters of every host, the values that the run was made with, and how to repeat it.
 */
final class HostSections {
  private static final int HOSTS = 12;

  private final RunData run;
  private final Markup page;

  HostSections(RunData run, Markup page) {
    this.run = run;
    this.page = page;
  }

  void sockets() {
    page.open("section").element("h2", "Sockets, as ss -s counts them");
    page.open("div", "class", "scroll").open("table").open("tr").element("th", "host");
    List<String> states = names(first().path("sockets")).stream().filter(this::isEverSeen).toList();
    states.forEach(state -> page.element("th", state, "class", "number"));
    page.close();
    int shown = 0;
    for (String name : names(run.at("hosts"))) {
      if (shown++ == HOSTS) {
        break;
      }
      JsonNode host = run.at("hosts", name);
      page.open("tr").element("td", name);
      for (String state : states) {
        String end = Figures.grouped(host.path("sockets").path(state).asLong());
        String peak = Figures.grouped(host.path("peakSockets").path(state).asLong());
        page.open("td", "class", "number").text(end);
        if (!peak.equals(end)) {
          page.element("span", " peak " + peak, "class", "dim");
        }
        page.close();
      }
      page.close();
    }
    page.close().close();
    more();
    page.close();
  }

  private boolean isEverSeen(String state) {
    for (JsonNode host : run.at("hosts")) {
      if (host.path("peakSockets").path(state).asLong() > 0) {
        return true;
      }
    }
    return false;
  }

  private JsonNode first() {
    JsonNode hosts = run.at("hosts");
    return hosts.isEmpty() ? hosts : hosts.elements().next();
  }

  private void more() {
    int rest = run.at("hosts").size() - HOSTS;
    if (rest > 0) {
      page.element("p", rest + " more hosts stand in summary.json.");
    }
  }

  void counters() {
    page.open("section").element("h2", "Counters that moved, as nstat prints them");
    int shown = 0;
    for (String name : names(run.at("hosts"))) {
      if (shown++ == HOSTS) {
        break;
      }
      page.open("details").element("summary", name).open("table");
      JsonNode counters = run.at("hosts", name, "counters");
      for (String counter : names(counters)) {
        long value = counters.path(counter).asLong();
        if (value != 0) {
          page.open("tr").open("td").element("code", counter).close();
          page.element("td", Figures.grouped(value), "class", "number").close();
        }
      }
      page.close().close();
    }
    more();
    page.close();
  }

  void parameters() {
    page.open("section").element("h2", "Parameters");
    JsonNode parameters = run.at("parameters");
    if (!parameters.isEmpty()) {
      page.open("div", "class", "scroll").open("table").open("tr");
      page.element("th", "parameter").element("th", "value").element("th", "origin").close();
      for (String name : names(parameters)) {
        value(name, parameters.path(name));
      }
      page.close().close();
    }
    int shown = 0;
    for (String name : names(run.at("hosts"))) {
      if (shown++ < HOSTS) {
        sysctls(name, run.at("hosts", name));
      }
    }
    page.close();
  }

  private void value(String name, JsonNode value) {
    page.open("tr").open("td", "class", "short").element("code", name).close();
    page.element("td", value.path("value").asText()).element("td", value.path("origin").asText());
    page.close();
  }

  private void sysctls(String name, JsonNode host) {
    page.open("details");
    page.element("summary", name + ": " + host.path("kernel").asText() + ", HZ " + host.path("hz"));
    page.open("table");
    for (String key : names(host.path("sysctl"))) {
      value(key, host.path("sysctl").path(key));
    }
    page.close().close();
  }

  void rerun() {
    page.open("section").element("h2", "Run it again");
    page.open("p").element("code", "halfopen run ./scenario.yaml --seed " + run.text("seed"));
    page.close();
    page.element(
        "p",
        "In the folder of this file. The same scenario and seed give the same events: digest "
            + run.text("digest")
            + ".");
    page.close();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new java.util.ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
