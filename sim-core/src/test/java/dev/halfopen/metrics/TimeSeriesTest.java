package dev.halfopen.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {
  @Test
  void writesExactDecimalsInEveryLocale() throws IOException {
    TimeSeries series = new TimeSeries(new String[] {"estab", "load"}, new int[] {0, 2});
    series.sample(0);
    series.sample(1_500_000_000);
    series.set(0, -12);
    series.set(1, -5);
    series.sample(2_000_000_001L);
    series.set(0, 1_234_567);
    series.set(1, 12_345);
    Locale before = Locale.getDefault();
    StringBuilder csv = new StringBuilder();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      series.writeCsv(csv);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(csv.toString())
        .isEqualTo(
            """
            time_s,estab,load
            0.000000000,0,0.00
            1.500000000,-12,-0.05
            2.000000001,1234567,123.45
            """);
  }

  @Test
  void growsBySegments() {
    TimeSeries series = new TimeSeries("a", "b", "c");
    for (int i = 0; i < 10_000; i++) {
      series.sample(i * 7L);
      for (int c = 0; c < 3; c++) {
        series.set(c, i * 3L + c);
      }
    }
    assertThat(series.rows()).isEqualTo(10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(series.timeNs(i)).isEqualTo(i * 7L);
      assertThat(series.value(i, 2)).isEqualTo(i * 3L + 2);
    }
  }

  @Test
  void printsTheEndsOfTheRange() {
    StringBuilder s = new StringBuilder();
    TimeSeries.appendFixed(s, Long.MIN_VALUE, 3);
    s.append(' ');
    TimeSeries.appendFixed(s, Long.MAX_VALUE, 18);
    s.append(' ');
    TimeSeries.appendFixed(s, 7, 3);
    assertThat(s.toString()).isEqualTo("-9223372036854775.808 9.223372036854775807 0.007");
  }
}
