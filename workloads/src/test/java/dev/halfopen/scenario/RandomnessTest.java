package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which scenarios leave something to chance, so that a sweep needs more than one seed of them. */
class RandomnessTest {
  private static final String CONSTANT =
      """
      halfopen: 1
      duration: 10s
      hosts:
        users: { addresses: 2000 }
        edge:
          apps:
            proxy: { role: reverseProxy, listen: { port: 443 }, upstream: { to: app:8080, closer: proxy } }
        app:
          apps:
            web: { role: httpServer, listen: { port: 8080 }, serviceTime: { constant: 2ms } }
      links:
        - { between: [users, edge], rtt: 1ms }
        - { between: [edge, app], rtt: 1ms }
      load:
        buyers: { from: users, to: edge:443, rate: 5/s, arrivals: constant, requestBytes: 200B }
      faults:
        - { name: cut, at: 5s, do: partition, between: [edge, app], for: 1s }
      """;

  private static boolean isRandom(String yaml) throws BadInputException {
    ScenarioSource source = new ScenarioSource("mine", "mine.yaml", Path.of(""), yaml);
    return ScenarioReader.read(source, Overrides.NONE).world().isRandom();
  }

  @Test
  void constantThingsLeaveNothingToChance() throws BadInputException {
    assertThat(isRandom(CONSTANT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "arrivals: constant > arrivals: poisson",
        "{ constant: 2ms } > { exponential: 2ms }",
        "{ constant: 2ms } > { median: 2ms, p99: 9ms }",
        "requestBytes: 200B > requestBytes: { median: 200B, p99: 900B }",
        "requestBytes: 200B > 'requestBytes: 200B, retry: { tries: 2 }'",
        "closer: proxy > closer: race",
        "'[users, edge], rtt: 1ms' > '[users, edge], rtt: 1ms, loss: 1%'",
        "'[users, edge], rtt: 1ms' > '[users, edge], rtt: 1ms, jitter: { forth: 1us }'",
        "'do: partition, between: [edge, app], for: 1s' > 'do: loss, between: [edge, app], loss: 5%'",
      })
  void anyOfTheseIsRandom(String constant, String random) throws BadInputException {
    assertThat(CONSTANT).contains(constant);
    assertThat(isRandom(CONSTANT.replace(constant, random))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{ constant: 2ms } > { constant: 9ms }",
        "requestBytes: 200B > 'requestBytes: 200B, retry: { tries: 2, jitter: none }'",
        "'[users, edge], rtt: 1ms' > '[users, edge], rtt: 1ms, loss: 0%'",
        "'do: partition, between: [edge, app], for: 1s' > 'do: loss, between: [edge, app], loss: 100%'",
      })
  void noneOfTheseIsRandom(String constant, String other) throws BadInputException {
    assertThat(CONSTANT).contains(constant);
    assertThat(isRandom(CONSTANT.replace(constant, other))).isFalse();
  }
}
