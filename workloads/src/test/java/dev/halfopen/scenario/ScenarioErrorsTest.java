package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scenario file can have wrong: file, line, column, path, and what to write instead. */
class ScenarioErrorsTest {
  private static final String EDGE =
      """
      halfopen: 1
      parameters:
        peak: { default: 900/s, range: 1/s..100000/s, meaning: requests a second }
      duration: 30s
      hosts:
        users: { addresses: 2000 }
        nginx:
          kernel: linux-6.18
          sysctl:
            net.ipv4.tcp_tw_reuse: 2
          apps:
            proxy:
              role: reverseProxy
              listen: { port: 443 }
              upstream:
                to: app:8080
        app:
          count: 2
          kernel: linux-6.18
          apps:
            tomcat:
              role: httpServer
              listen: { port: 8080 }
      links:
        - { between: [users, nginx], rtt: 30ms }
        - { between: [nginx, app], rtt: 0.4ms }
      load:
        shoppers:
          from: users
          to: nginx:443
          rate: $peak
      """;

  private static List<String> errorsOf(String yaml) {
    ScenarioSource source = new ScenarioSource("edge", "edge.yaml", Path.of(""), yaml);
    BadInputException bad =
        catchThrowableOfType(
            BadInputException.class, () -> ScenarioReader.read(source, Overrides.NONE));
    return bad == null ? List.of() : bad.lines();
  }

  private static List<String> errorsWith(String text, String replacement) {
    assertThat(EDGE).contains(text);
    return errorsOf(EDGE.replace(text, replacement));
  }

  @Test
  void goodScenarioHasNone() {
    assertThat(errorsOf(EDGE)).isEmpty();
  }

  @Test
  void aProxysKeepaliveIsSaidOfASide() {
    assertThat(errorsWith("role: reverseProxy", "role: reverseProxy\n        tcpKeepalive: true"))
        .containsExactly(
            "edge.yaml:14:23: hosts.nginx.apps.proxy.tcpKeepalive: is said of each side:"
                + " clientSide.tcpKeepalive (so_keepalive) and upstream.tcpKeepalive"
                + " (proxy_socket_keepalive)");
  }

  @Test
  void unknownSysctlIsGuessed() {
    assertThat(errorsWith("net.ipv4.tcp_tw_reuse: 2", "net.ipv4.tcp_tw_resue: 2"))
        .containsExactly(
            "edge.yaml:10:7: hosts.nginx.sysctl: unknown key net.ipv4.tcp_tw_resue; did you mean"
                + " net.ipv4.tcp_tw_reuse?");
  }

  @Test
  void rateWithoutUnitIsCorrected() {
    assertThat(errorsWith("rate: $peak", "rate: 900"))
        .containsExactly(
            "edge.yaml:31:11: load.shoppers.rate: \"900\" has no unit; write 900/s, 900/min or 900/h");
  }

  @Test
  void negativeRateIsRefused() {
    assertThat(errorsWith("rate: $peak", "rate: -900/s"))
        .containsExactly(
            "edge.yaml:31:11: load.shoppers.rate: -900/s is negative; 1/h..10000000/s");
  }

  @Test
  void sysctlThatTheKernelRefusesIsNamedByItsKey() {
    assertThat(errorsWith("net.ipv4.tcp_tw_reuse: 2", "net.ipv4.tcp_syn_retries: 0"))
        .containsExactly(
            "edge.yaml:10:33: net.ipv4.tcp_syn_retries: 0 is refused by the kernel (EINVAL); 1..127");
  }

  @Test
  void reversedPortRangeIsRefused() {
    assertThat(errorsWith("net.ipv4.tcp_tw_reuse: 2", "net.ipv4.ip_local_port_range: 60999 32768"))
        .containsExactly(
            "edge.yaml:10:37: net.ipv4.ip_local_port_range: 60999 32768 is refused by the kernel"
                + " (EINVAL); 1 <= first <= last <= 65535");
  }

  @Test
  void portsGivenTwiceConflict() {
    assertThat(
            errorsWith(
                "      net.ipv4.tcp_tw_reuse: 2",
                "      net.ipv4.ip_local_port_range: 1024 65535\n    ephemeralPorts: 1000"))
        .containsExactly(
            "edge.yaml:11:21: hosts.nginx.ephemeralPorts: conflicts with"
                + " nginx:net.ipv4.ip_local_port_range in edge.yaml:10; give one");
  }

  @Test
  void kernelAsBareNumberIsRefused() {
    assertThat(errorsWith("  nginx:\n    kernel: linux-6.18", "  nginx:\n    kernel: 6.10"))
        .containsExactly(
            "edge.yaml:8:13: hosts.nginx.kernel: 6.10 is a bare number (YAML would read 6.10 as 6.1);"
                + " write linux-6.10");
  }

  @Test
  void unknownKeyIsGuessed() {
    assertThat(errorsWith("rtt: 30ms", "rrt: 30ms"))
        .containsExactly("edge.yaml:25:32: links[0]: unknown key rrt; did you mean rtt?");
  }

  @Test
  void aBreakdownNeedsItsFault() {
    assertThat(errorsWith("load:\n", "breakdown: connectionStateAt(crash)\nload:\n"))
        .containsExactly("edge.yaml:27:12: breakdown: no fault crash");
  }

  @Test
  void aFaultsErrorsStandAtTheValueThatIsWrong() {
    String faults =
        """
        faults:
          - { at: 1s, do: kill, host: app }
          - { at: 2s, do: kill, host: ap }
          - { at: 3s, do: partition, between: [nginx, users, app] }
          - { at: 4s, do: loss, loss: 1%, between: [users, app] }
          - { at: 5s, do: setName, dnsName: db.internal, address: app }
        """;
    assertThat(errorsOf(EDGE + faults.replaceAll("(?m)^.*nginx, users.*\n", "")))
        .containsExactly(
            "edge.yaml:34:31: faults[1].host: no host ap; did you mean app?; hosts: users, nginx,"
                + " app",
            "edge.yaml:35:44: faults[2].between: no link between users and app",
            "edge.yaml:36:37: faults[3].dnsName: no name db.internal under names",
            "edge.yaml:36:59: faults[3].address: app is a group; name one of its hosts, app-1 to"
                + " app-2");
    assertThat(errorsOf(EDGE + faults))
        .contains(
            "edge.yaml:35:39: faults[2].between: two hosts are wanted, for example [app, db]");
  }

  @Test
  void anUnknownKindOfLoadIsRefused() {
    assertThat(errorsWith("rate: $peak", "rate: $peak\n    kind: synFlod"))
        .singleElement()
        .asString()
        .startsWith("edge.yaml:32:11: load.shoppers.kind: unknown kind of load synFlod")
        .contains("synFlood");
  }

  @Test
  void thresholdsNameWhatIsThere() {
    String goals =
        """
        thresholds:
          - shopers.failed < 0.1%
          - shoppers.failled < 0.1%
          - shoppers.failed < 5s
          - shoppers.latency < 5s
          - nginx.ports(app:80).peak < 80%
          - shoppers.outage
        load:
        """;
    assertThat(errorsWith("load:\n", goals))
        .containsExactly(
            "edge.yaml:29:5: thresholds[1]: unknown metric failled; did you mean failed?; known:"
                + " failed, succeeded, unfinished, offered, latency, connect, timeToFailure, outage,"
                + " recovery, ports, timewait, synQueue, acceptQueue, conntrack, cpu, pool,"
                + " workers, files, connections",
            "edge.yaml:30:5: thresholds[2]: \"5s\" is not a whole number or a share; write for"
                + " example 10 or 10%",
            "edge.yaml:31:5: thresholds[3]: \"shoppers.latency\": write LOAD.latency, for latency,"
                + " connect, timeToFailure with .p(99) or .max, LOAD.recovery(4min); "
                + MetricSpec.RESOURCE_FORMS,
            "edge.yaml:33:5: thresholds[5]: \"shoppers.outage\" is not METRIC < VALUE, for example"
                + " shoppers.failed < 0.1%");
    assertThat(errorsWith("load:\n", "thresholds:\n  - shopers.failed < 1%\nload:\n"))
        .containsExactly(
            "edge.yaml:28:3: thresholds: \"shopers.failed\": no load shopers; did you mean"
                + " shoppers?; loads of requests: shoppers");
    assertThat(errorsWith("load:\n", "thresholds:\n  - nginx.ports(app:80).peak < 80%\nload:\n"))
        .containsExactly(
            "edge.yaml:28:3: thresholds: \"nginx.ports(app:80).peak\": no application of nginx"
                + " connects to app:80");
  }

  @Test
  void instantsOfARateDoNotGoBack() {
    assertThat(errorsWith("rate: $peak", "rate: [[5s, 1/s], [0s, $peak]]"))
        .containsExactly(
            "edge.yaml:31:11: load.shoppers.rate: the instants go back; each must be at or after the"
                + " one before");
  }

  @Test
  void parameterStandsForWholeValueOnly() {
    assertThat(errorsWith("rate: $peak", "rate: 2$peak"))
        .containsExactly(
            "edge.yaml:31:11: load.shoppers.rate: \"2$peak\": $name stands for a whole value only");
    assertThat(errorsWith("rate: $peak", "rate: $peek"))
        .contains(
            "edge.yaml:31:11: load.shoppers.rate: unknown parameter $peek; did you mean peak?");
  }

  @Test
  void hostsThatDoNotExistAreGuessed() {
    assertThat(errorsWith("to: app:8080", "to: apps:8080"))
        .containsExactly(
            "edge.yaml:16:15: hosts.nginx.apps.proxy.upstream.to: no host apps; did you mean app?;"
                + " hosts: users, nginx, app");
    assertThat(errorsWith("to: app:8080", "to: app:80"))
        .containsExactly(
            "edge.yaml:16:15: hosts.nginx.apps.proxy.upstream.to: app listens on 8080, not on 80");
  }

  @Test
  void hostsWithoutLinkAreNamed() {
    assertThat(errorsWith("  - { between: [nginx, app], rtt: 0.4ms }\n", ""))
        .containsExactly(
            "edge.yaml:16:15: hosts.nginx.apps.proxy.upstream.to: no link between nginx and app");
  }

  @Test
  void yamlShorthandsAreRefused() {
    assertThat(errorsWith("users: { addresses: 2000 }", "users: &u { addresses: 2000 }"))
        .containsExactly(
            "edge.yaml:6:10: YAML anchors (&u) are not used here; count: and like: make groups");
    assertThat(errorsWith("duration: 30s", "duration: 30s\nduration: 40s"))
        .containsExactly("edge.yaml:5:1: duplicate key duration; first in line 4");
    assertThat(errorsWith("duration: 30s", "<<: { seed: 1 }"))
        .containsExactly(
            "edge.yaml:4:1: YAML merge keys (<<) are not used here; count: and like: make groups");
    assertThat(errorsWith("duration: 30s", "duration: !!str 30s")).isEmpty();
  }

  @Test
  void brokenYamlSaysWhere() {
    assertThat(errorsWith("users: { addresses: 2000 }", "users: { addresses: 2000"))
        .singleElement()
        .asString()
        .startsWith("edge.yaml:7:")
        .contains("not YAML");
  }

  @Test
  void allErrorsAreToldAtOnce() {
    String yaml =
        EDGE.replace("duration: 30s", "duration: 30")
            .replace("rtt: 30ms", "rtt: fast")
            .replace("from: users", "form: users");
    assertThat(errorsOf(yaml))
        .containsExactly(
            "edge.yaml:4:11: duration: \"30\" has no unit; write 30ms, 30s or 30min",
            "edge.yaml:25:37: links[0].rtt: \"fast\" is not a duration; write for example 10ms, 10s"
                + " or 10min",
            "edge.yaml:29:5: load.shoppers: needs the key from",
            "edge.yaml:29:5: load.shoppers: unknown key form; did you mean from?");
  }

  @Test
  void emptyFileIsNoScenario() {
    assertThat(errorsOf(""))
        .containsExactly("edge.yaml:1:1: a scenario is a mapping that starts with \"halfopen: 1\"");
  }

  @Test
  void whatBelongsToTheOtherKindOfLoopIsRefused() {
    assertThat(errorsWith("rate: $peak", "rate: $peak\n    thinkTime: 1s"))
        .anyMatch(line -> line.contains("thinkTime: nobody thinks between the requests of a rate"));
    assertThat(errorsWith("rate: $peak", "users: 3\n    arrivals: poisson"))
        .anyMatch(line -> line.contains("only a rate has arrivals"));
  }
}
