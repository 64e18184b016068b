package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void numbersLookTheSameEverywhere() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Figures.grouped(28_232)).isEqualTo("28,232");
      assertThat(Figures.grouped(-1_234_567)).isEqualTo("-1,234,567");
      assertThat(Figures.fixed(0.5, 0)).isEqualTo("1");
      assertThat(Figures.fixed(459.505208, 1)).isEqualTo("459.5");
      assertThat(Figures.shortest(180, 6)).isEqualTo("180.0");
      assertThat(Figures.shortest(28.232, 6)).isEqualTo("28.232");
      assertThat(Figures.rate(1000)).isEqualTo("1000");
      assertThat(Figures.percent(0.976)).isEqualTo("97.6 %");
      assertThat(Figures.bytes(1536L << 20)).isEqualTo("1.5 GiB");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void jsonIsEscapedAndOrdered() {
    JsonWriter json = new JsonWriter();
    json.object().text("b", "say \"x\"\n\t").number("a", 0.1, 6).array("list").item("1").endArray();
    json.object("empty").endObject().nothing("none").endObject();
    assertThat(json.text())
        .isEqualTo(
            """
            {
              "b": "say \\"x\\"\\n\\u0009",
              "a": 0.1,
              "list": [
                "1"
              ],
              "empty": {},
              "none": null
            }
            """);
  }
}
