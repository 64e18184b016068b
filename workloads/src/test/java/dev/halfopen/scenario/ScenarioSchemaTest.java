package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.halfopen.catalog.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schema that editors use agrees with the reader on the scenarios that come with halfopen. */
class ScenarioSchemaTest {
  private static Schema schema() throws IOException {
    try (InputStream in = Scenario.class.getResourceAsStream("scenario.schema.json")) {
      JsonNode node = new ObjectMapper().readTree(in);
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(node);
    }
  }

  private static List<Error> validate(String yaml) throws IOException {
    return schema().validate(new YAMLMapper().readTree(yaml));
  }

  @Test
  void acceptsEveryWorkloadOfTheCatalog() throws IOException, BadInputException {
    for (Catalog.Entry entry : Catalog.entries()) {
      ScenarioSource source = Catalog.open(entry.name());
      assertThat(validate(source.text())).as(entry.name()).isEmpty();
      String effective = ScenarioReader.read(source, Overrides.NONE).effectiveYaml();
      assertThat(validate(effective)).as(entry.name() + " as effective").isEmpty();
    }
  }

  @Test
  void acceptsTheExamples() throws IOException {
    for (String example : new String[] {"edge", "db", "flood"}) {
      Path file = Path.of("../docs/examples/" + example + ".yaml");
      assertThat(validate(Files.readString(file))).as(example).isEmpty();
    }
  }

  @Test
  void acceptsTheTemplateOfInit() throws IOException, BadInputException {
    String template = Catalog.template();
    assertThat(validate(template)).isEmpty();
    ScenarioSource source = new ScenarioSource("init", "init.yaml", Path.of(""), template);
    String effective = ScenarioReader.read(source, Overrides.NONE).effectiveYaml();
    assertThat(validate(effective)).as(effective).isEmpty();
  }

  @Test
  void refusesWhatTheReaderRefuses() throws IOException, BadInputException {
    String yaml = Catalog.open("port-exhaustion").text();
    for (String[] change :
        new String[][] {
          {"duration: 180s", "duration: 180"},
          {"balance: roundRobin", "balance: random"},
          {"role: httpServer", "role: database"},
          {"listen: { port: 80, backlog: 511 }", "listen: { backlog: 511 }"},
          {"timeout: 30s\n", "timeout: 30s\n    tiemout: 30s\n"}
        }) {
      assertThat(yaml).contains(change[0]);
      String changed = yaml.replace(change[0], change[1]);
      assertThat(validate(changed)).as(change[1]).isNotEmpty();
      ScenarioSource source = new ScenarioSource("x", "x.yaml", Path.of(""), changed);
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> ScenarioReader.read(source, Overrides.NONE)))
          .as(change[1])
          .isInstanceOf(BadInputException.class);
    }
  }
}
