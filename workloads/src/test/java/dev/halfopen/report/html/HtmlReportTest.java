package dev.halfopen.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page as text: its order, its data, and that nothing of a scenario becomes markup. */
class HtmlReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern EXTERNAL =
      Pattern.compile(
          "(src|href)=|url\\(|@import|fetch\\(|XMLHttpRequest|https?://(?!www\\.w3\\.org)");

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private ObjectNode summary;

  @BeforeEach
  void aRunThatStops() throws IOException {
    summary =
        (ObjectNode)
            JSON.readTree(
                """
                { "workload": "mine", "seed": 7, "digest": "00ff", "partial": false,
                  "verdict": "STOPS at 2 s",
                  "hosts": { "proxy": { "kernel": "linux-6.18", "hz": 250,
                    "sysctl": { "net.ipv4.tcp_tw_reuse": { "value": "2", "origin": "kernel" } },
                    "counters": { "TcpActiveOpens": 12, "TcpExtTW": 0 },
                    "sockets": { "estab": 1 }, "peakSockets": { "estab": 3 } } },
                  "parameters": { "rate": { "value": "5/s", "origin": "default" } },
                  "simulated": { "seconds": 3 },
                  "requests": { "offered": 15, "succeeded": 10, "failed": 5, "unfinished": 0,
                    "attempts": 15, "failures": { "EADDRNOTAVAIL": 5 }, "seenAs": { "502": 5 },
                    "firstFailureSeconds": 2.0, "longestOutageSeconds": 1 },
                  "loads": { "shoppers": { "offered": 15 } },
                  "expectations": [ { "name": "first failure", "kind": "closed form", "low": 1,
                    "high": 3, "simulated": 2, "unit": "s", "source": "ports / rate",
                    "holds": true, "notApplicable": null } ],
                  "thresholds": [ { "text": "failed < 1", "value": 5, "holds": false } ],
                  "diagnosis": [ { "resource": "ephemeral ports", "host": "proxy",
                    "detail": "-> upstream-1:8080", "from": 2, "to": 3, "explains": 5,
                    "evidence": "all in TIME_WAIT", "onARealHost": "nstat TcpExtTW",
                    "remedies": [ { "change": "idlePool=32", "effect": "none fails", "p99Ms": 3,
                      "p99MsBefore": 2, "socketBytes": 5000, "socketBytesBefore": 9000,
                      "risk": "idle timeouts", "notApplicable": null } ] } ], "unexplained": 0,
                  "resources": [ { "resource": "ephemeral ports", "host": "proxy",
                    "detail": "-> upstream-1:8080", "peak": 10, "limit": 10, "share": 1.0,
                    "atSeconds": 2, "limitFrom": "net.ipv4.ip_local_port_range",
                    "series": "proxy.ports(upstream:8080)" } ],
                  "warnings": [], "notModelled": [ "cpu" ],
                  "machine": { "wallSeconds": 1.25 } }
                """);
    files.put(
        "timeseries.csv",
        """
        seconds,offered,succeeded,failed,unfinished,proxy.estab,proxy.ports(upstream:8080)
        0,0,0,0,0,0,0
        1,5,5,0,0,1,5
        2,5,5,0,0,3,10
        3,5,0,5,0,1,10
        """
            .getBytes(StandardCharsets.UTF_8));
    files.put("latency.hlog", hlog(0, 1));
  }

  private static byte[] hlog(int... starts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HistogramLogWriter writer =
        new HistogramLogWriter(new PrintStream(out, true, StandardCharsets.UTF_8));
    for (int i : starts) {
      Histogram h = new Histogram(3);
      h.setTag("request");
      h.recordValue(2_000_000L + i);
      writer.outputIntervalHistogram(i, i + 1, h, 1e6);
    }
    return out.toByteArray();
  }

  private String page() throws IOException {
    files.put("summary.json", JSON.writeValueAsBytes(summary));
    return new String(HtmlReport.of(files), StandardCharsets.UTF_8);
  }

  private static JsonNode charts(String page) throws IOException {
    Matcher m = Pattern.compile("id=\"charts\">(.*?)</script>", Pattern.DOTALL).matcher(page);
    assertThat(m.find()).isTrue();
    return JSON.readTree(m.group(1));
  }

  @Test
  void tellsInTheOrderInWhichPeopleAsk() throws IOException {
    List<String> headings = new ArrayList<>();
    Matcher m = Pattern.compile("<h[12][^>]*>([^<]*)<").matcher(page());
    while (m.find()) {
      headings.add(m.group(1));
    }
    assertThat(headings)
        .containsExactly(
            "STOPS at 2 s",
            "Requests",
            "Self-check: 1 of 1 agree",
            "Timeline",
            "Tightest limits",
            "Why",
            "What helps, simulated",
            "On a real host",
            "Latency",
            "Sockets, as ss -s counts them",
            "Counters that moved, as nstat prints them",
            "Parameters",
            "Run it again");
    assertThat(page()).contains("TcpActiveOpens").doesNotContain(">TcpExtTW<");
  }

  @Test
  void chartsShowRatesAndEachResourceAgainstItsLimit() throws IOException {
    JsonNode charts = charts(page());
    assertThat(charts.get(0).get("series").get(0).get("values").toString())
        .isEqualTo("[null,5,5,5]");
    assertThat(charts.get(0).get("marks").get(0).get("label").asText()).isEqualTo("first failure");
    JsonNode ports = charts.get(1);
    assertThat(ports.get("series").get(0).get("values").toString()).isEqualTo("[0,5,10,10]");
    assertThat(ports.get("limits").get(0).get("value").asInt()).isEqualTo(10);
  }

  @Test
  void hostsOfAGroupShareAChart() throws IOException {
    int before = charts(page()).size();
    ArrayNode resources = (ArrayNode) summary.get("resources");
    resources.add(((ObjectNode) resources.get(0)).deepCopy().put("detail", "-> upstream-2:8080"));
    JsonNode charts = charts(page());
    assertThat(charts).hasSize(before);
    JsonNode both = charts.get(1).get("limits").get(0);
    assertThat(both.get("value").asInt()).isEqualTo(20);
    assertThat(both.get("label").asText()).isEqualTo("2 x net.ipv4.ip_local_port_range");
  }

  @Test
  void everyChartHasItsPlaceOnce() throws IOException {
    String page = page();
    List<String> places = new ArrayList<>();
    Matcher m = Pattern.compile("data-chart=\"(\\d+)\"").matcher(page);
    while (m.find()) {
      places.add(m.group(1));
    }
    assertThat(places).doesNotHaveDuplicates().hasSize(charts(page).size());
  }

  @Test
  void percentilesEndWhereTheValuesEnd() throws IOException {
    JsonNode curve = null;
    for (JsonNode chart : charts(page())) {
      curve = chart.get("kind").asText().equals("percentile") ? chart : curve;
    }
    assertThat(curve).isNotNull();
    JsonNode values = curve.get("series").get(0).get("values");
    assertThat(values.get(0).asDouble()).isBetween(1.99, 2.01);
    assertThat(values.get(values.size() - 1).isNull()).isTrue();
  }

  @Test
  void aPoolIsChartedWithItsSizeAndThoseWhoWait() throws IOException {
    files.put(
        "timeseries.csv",
        """
        seconds,offered,succeeded,failed,unfinished,app.hikari.inUse,app.hikari.size,app.hikari.waiting
        0,0,0,0,0,0,10,0
        1,5,5,0,0,4,10,0
        2,5,5,0,0,10,10,3
        """
            .getBytes(StandardCharsets.UTF_8));
    ObjectNode resource = (ObjectNode) summary.get("resources").get(0);
    resource.put("resource", "connection pool").put("host", "app").put("detail", "hikari");
    resource.put("share", 0.01).put("limit", 10).put("limitFrom", "maximumPoolSize");
    resource.put("series", "app.hikari.inUse");
    JsonNode charts = charts(page());
    JsonNode pool = charts.get(1);
    assertThat(pool.get("title").asText()).isEqualTo("connection pool, app hikari");
    assertThat(pool.get("series").get(0).get("values").toString()).isEqualTo("[0,4,10]");
    assertThat(pool.get("series").get(1).get("values").toString()).isEqualTo("[10,10,10]");
    assertThat(pool.get("limits").get(0).get("value").asInt()).isEqualTo(10);
    assertThat(charts.get(2).get("series").get(0).get("values").toString()).isEqualTo("[0,0,3]");
  }

  @Test
  void theTightestResourceIsChartedHoweverFarFromItsLimit() throws IOException {
    ((ObjectNode) summary.get("resources").get(0)).put("share", 0.001).put("limit", 10_000);
    JsonNode ports = charts(page()).get(1);
    assertThat(ports.get("title").asText()).isEqualTo("ephemeral ports, proxy -> upstream:8080");
    assertThat(ports.get("limits")).isEmpty();
  }

  @Test
  void intervalsOfAllLoadsAreAddedAndThoseWithoutValuesAreGaps() throws IOException {
    files.put("latency.hlog", hlog(0, 1, 4, 0, 4)); // of two loads, one after the other
    JsonNode intervals = null;
    for (JsonNode chart : charts(page())) {
      boolean isIt = chart.get("title").asText().startsWith("Latency of each interval");
      intervals = isIt ? chart : intervals;
    }
    assertThat(intervals).isNotNull();
    assertThat(intervals.get("x").toString()).isEqualTo("[1,2,3,5]");
    JsonNode p50 = intervals.get("series").get(0).get("values");
    assertThat(p50.get(2).isNull()).isTrue();
    assertThat(p50.get(3).asDouble()).isBetween(1.99, 2.01);
  }

  @Test
  void asksNobodyForAnything() throws IOException {
    String page = page();
    String own = page.substring(0, page.indexOf("<script"));
    assertThat(EXTERNAL.matcher(own).find()).isFalse();
    assertThat(page).doesNotContain("<link").doesNotContain("<img").doesNotContain("<iframe");
  }

  @Test
  void whatAScenarioSaysStaysText() throws IOException {
    String attack = "</script><img src=x onerror=alert(1)>\"'&";
    summary.put("verdict", attack).put("workload", attack);
    ((ObjectNode) summary.get("resources").get(0)).put("limitFrom", attack);
    String page = page();
    assertThat(page).doesNotContain("<img").contains("&lt;img");
    assertThat(charts(page).get(1).get("limits").get(0).get("label").asText()).isEqualTo(attack);
  }

  @Test
  void theMachineLeavesNoTrace() throws IOException {
    String page = page();
    ((ObjectNode) summary.get("machine")).put("wallSeconds", 99);
    assertThat(page()).isEqualTo(page);
  }

  @Test
  void faultsAreMarked() throws IOException {
    summary.putArray("faults").addObject().put("name", "crash").put("atSeconds", 1.5);
    JsonNode marks = charts(page()).get(0).get("marks");
    assertThat(marks.get(1).get("label").asText()).isEqualTo("crash");
    assertThat(marks.get(1).get("at").asDouble()).isEqualTo(1.5);
  }

  @Test
  void namesTheFileThatIsMissing() throws IOException {
    files.put("summary.json", JSON.writeValueAsBytes(summary));
    files.remove("latency.hlog");
    assertThatThrownBy(() -> HtmlReport.of(files)).hasMessage("latency.hlog: is missing");
  }
}
