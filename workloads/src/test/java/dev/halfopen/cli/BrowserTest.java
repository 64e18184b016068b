package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, 400 px wide: Chromium without a window and without a driver. */
class BrowserTest {
  private static final long WAIT_SECONDS = 120;

  /** The page in a frame as wide as a phone, and a script that looks at it from outside. */
  private static final String OUTSIDE =
      """
      <!DOCTYPE html><meta charset="utf-8"><title>pending</title>
      <iframe id="page" style="width:400px;height:800px;border:0" srcdoc="%s"></iframe>
      <script>
      const frame = document.getElementById('page');
      const say = (what, value) => document.body.setAttribute('data-' + what, value);
      const painted = canvas => canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data.some(v => v);
      const drag = over => {
        const box = over.getBoundingClientRect();
        const at = (type, share) => over.dispatchEvent(new frame.contentWindow.MouseEvent(type, {
          bubbles: true, button: 0, movementX: 9, clientX: box.left + share * box.width, clientY: box.top + 20 }));
        at('mouseenter', 0.25); at('mousemove', 0.25); at('mousedown', 0.25);
        at('mousemove', 0.5); at('mouseup', 0.5);
      };
      frame.onload = () => setTimeout(() => {
        const page = frame.contentDocument;
        const plots = frame.contentWindow.halfopenCharts;
        say('places', page.querySelectorAll('.chart').length);
        say('painted', [...page.querySelectorAll('canvas')].filter(painted).length);
        say('overflow', page.documentElement.scrollWidth - 400);
        drag(page.querySelector('.u-over'));
        setTimeout(() => {
          const time = plots.filter(p => p.chart.kind === 'time').map(p => p.plot.scales.x);
          say('zoomed', time.filter(x => x.max - x.min < 0.3 * %s).length);
          say('time', time.length);
        }, 300);
      }, 300);
      </script>
      """;

  @TempDir private Path directory;

  @Test
  void drawsEveryChartZoomsAllTogetherAndFitsAPhone() throws Exception {
    String chromium = chromium();
    Path run = directory.resolve("run");
    CliRun.of("run", "port-exhaustion", "--duration", "20s", "--out", run.toString());
    Path outside = directory.resolve("outside.html");
    String page = Files.readString(run.resolve("report.html"));
    String escaped = page.replace("&", "&amp;").replace("\"", "&quot;");
    Files.writeString(outside, OUTSIDE.formatted(escaped, "20"));

    String dom = dump(chromium, outside);
    assertThat(value(dom, "places")).isGreaterThan(4);
    assertThat(value(dom, "painted")).as("charts drawn").isEqualTo(value(dom, "places"));
    assertThat(value(dom, "overflow")).as("px that stick out").isNotPositive();
    assertThat(value(dom, "zoomed")).as("charts zoomed").isEqualTo(value(dom, "time"));
    assertThat(Files.readString(directory.resolve("console")))
        .doesNotContain("CONSOLE")
        .doesNotContain("Uncaught");
  }

  private static String chromium() {
    for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
      for (String folder : System.getenv("PATH").split(":", -1)) {
        if (Files.isExecutable(Path.of(folder, name))) {
          return Path.of(folder, name).toString();
        }
      }
    }
    assumeTrue(false, "no Chromium on the PATH: the page was not seen in a browser");
    return "";
  }

  private String dump(String chromium, Path page) throws IOException, InterruptedException {
    Path dom = directory.resolve("dom.html");
    Process process =
        new ProcessBuilder(command(chromium, page))
            .redirectOutput(dom.toFile())
            .redirectError(directory.resolve("console").toFile())
            .start();
    boolean ended = process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("Chromium ended by itself").isTrue();
    return Files.readString(dom, StandardCharsets.UTF_8);
  }

  private List<String> command(String chromium, Path page) {
    return List.of(
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + directory.resolve("profile"),
        "--window-size=800,900",
        "--enable-logging=stderr",
        "--virtual-time-budget=5000",
        "--dump-dom",
        page.toUri().toString());
  }

  private static int value(String dom, String what) {
    Matcher m = Pattern.compile("<body[^>]* data-" + what + "=\"(-?\\d+)\"").matcher(dom);
    assertThat(m.find()).as("the page told data-" + what).isTrue();
    return Integer.parseInt(m.group(1));
  }
}
