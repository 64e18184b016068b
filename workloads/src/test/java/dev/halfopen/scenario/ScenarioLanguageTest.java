package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.halfopen.engine.MemoryBudget;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scenario file can say: several applications, likeness, ramps, links that lose. */
class ScenarioLanguageTest {
  private static final String TWO =
      """
      halfopen: 1
      duration: 10s
      hosts:
        users: { addresses: 2000 }
        edge:
          apps:
            shop: { role: reverseProxy, like: nginx-1.26, listen: { port: 443 }, upstream: { to: app-1:8080, closer: proxy } }
            blog: { role: reverseProxy, like: nginx-1.26, listen: { port: 444 }, upstream: { to: app-2:8080, readTimeout: 5s } }
        app:
          count: 2
          sysctl: { net.ipv4.tcp_fin_timeout: 30 }
          apps:
            tomcat: { role: httpServer, listen: { port: 8080 }, serviceTime: { constant: 2ms } }
        spare:
          like: app
          apps: { tomcat: { serviceTime: { exponential: 9ms } } }
      links:
        - { between: [users, edge], rtt: 1ms, loss: { forth: 1% }, jitter: 1us }
        - { between: [edge, app], rtt: 1ms }
        - { between: [edge, spare], rtt: 1ms }
      load:
        buyers: { from: users, to: edge:443, rate: [[0s, 0/s], [5s, 100/s], [5s, 20/s]], arrivals: constant }
        readers: { from: users, to: edge:444, rate: 30/s }
      """;

  private static Scenario read(String yaml) {
    try {
      return ScenarioReader.read(
          new ScenarioSource("two", "two.yaml", Path.of(""), yaml), Overrides.NONE);
    } catch (BadInputException e) {
      throw new AssertionError(String.join("\n", e.lines()), e);
    }
  }

  private static List<String> errorsOf(String yaml) {
    ScenarioSource source = new ScenarioSource("two", "two.yaml", Path.of(""), yaml);
    return catchThrowableOfType(
            BadInputException.class, () -> ScenarioReader.read(source, Overrides.NONE))
        .lines();
  }

  private static Assembly run(Scenario scenario) {
    Assembly assembly =
        Assembler.assemble(scenario.world(), MemoryBudget.unlimited(), 1_000_000_000L, nowNs -> {});
    assembly.world().run(scenario.world().durationNs());
    assembly.loads().forEach(l -> l.farm().finish(scenario.world().durationNs()));
    return assembly;
  }

  @Test
  void twoLoadsFromOneFarmReachTwoProxiesOfOneHost() {
    Assembly assembly = run(read(TWO));
    // 0 to 100/s in 5 s are 250, then 20/s for 5 s
    assertThat(assembly.loads().get(0).farm().stats().offered()).isBetween(349L, 351L);
    assertThat(assembly.loads().get(1).farm().stats().offered()).isBetween(230L, 370L);
    assembly.loads().forEach(l -> assertThat(l.farm().stats().succeeded()).isGreaterThan(220));
    assertThat(assembly.apps()).extracting(Assembly.App::name).contains("shop", "blog", "tomcat");
    assertThat(assembly.world().packetsDropped()).as("lost by the link").isGreaterThan(3);
  }

  @Test
  void theEffectiveScenarioRunsTheSame() {
    Scenario scenario = read(TWO);
    Scenario again = read(scenario.effectiveYaml());
    assertThat(again.effectiveYaml()).isEqualTo(scenario.effectiveYaml());
    assertThat(run(again).world().digest()).isEqualTo(run(scenario).world().digest());
  }

  @Test
  void aGroupLikeAnotherHasWhatItDoesNotSayItself() {
    HostSpec spare = read(TWO).world().host("spare").orElseThrow();
    HttpServerSpec tomcat = spare.apps(HttpServerSpec.class).get(0);
    assertThat(tomcat.port()).isEqualTo(8080);
    assertThat(tomcat.serviceTime().shape()).isEqualTo(TimeSpec.Shape.EXPONENTIAL);
    assertThat(spare.sysctls().set()).containsKey("net.ipv4.tcp_fin_timeout");
  }

  @Test
  void everyValueOfAPresetNamesItsSource() {
    assertThat(read(TWO).values())
        .contains(
            new EffectiveValue(
                "hosts.edge.apps.shop.upstream.maxFails",
                "1",
                "nginx-1.26 (nginx.org ngx_http_upstream_module server max_fails)"),
            new EffectiveValue("hosts.edge.apps.blog.upstream.readTimeout", "5s", "two.yaml:8"));
  }

  @Test
  void whatCannotBeSimulatedIsRefusedByName() {
    assertThat(errorsOf(TWO + "faults:\n  - { name: dark, at: 5s, do: earthquake }\n").get(0))
        .startsWith("two.yaml:25:31: faults[0].do: unknown fault earthquake");
    assertThat(errorsOf(TWO.replace("role: httpServer", "role: mailServer")).get(0))
        .contains("apps.tomcat.role: unknown role mailServer; known: reverseProxy, httpServer");
    assertThat(errorsOf(TWO.replace("like: nginx-1.26", "like: nginx-1.62")).get(0))
        .contains("unknown preset nginx-1.62; did you mean nginx-1.26?");
  }

  @Test
  void aFaultIsTimedFromOneAboveIt() {
    String faults =
        """
        faults:
          - { name: crash, at: 5s, do: earthquake }
          - { name: later, at: crsh + 2s, do: earthquake }
          - { name: last, at: crash + 2, do: earthquake }
        """;
    assertThat(errorsOf(TWO + faults))
        .contains(
            "two.yaml:26:24: faults[1].at: no fault crsh above; did you mean crash?",
            "two.yaml:27:23: faults[2].at: \"2\" has no unit; write 2ms, 2s or 2min;"
                + " a fault's time is 5min, or NAME + 2s with the name of a fault above");
  }

  @Test
  void aLinkLosesAgainWhatItLosesByItselfWhenAFaultOfLossIsOver() {
    String lossy = TWO.replace("forth: 1%", "forth: 20%");
    String fault = "faults: [ { at: 1s, do: loss, between: [users, edge], loss: 0%, for: 1s } ]\n";
    long alone = run(read(lossy)).world().packetsDropped();
    long withFault = run(read(lossy + fault)).world().packetsDropped();
    // One second of ten does not lose.
    assertThat(withFault).isBetween(alone * 3 / 4, alone * 11 / 10);
  }

  @Test
  void twoApplicationsCannotListenOnOnePort() {
    assertThat(errorsOf(TWO.replace("port: 444 }", "port: 443 }")))
        .contains(
            "two.yaml:8:61: hosts.edge.apps.blog.listen: another application of edge listens on 443, too");
  }
}
