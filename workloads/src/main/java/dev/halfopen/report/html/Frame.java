package dev.halfopen.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What every page begins and ends with: style and script, all of it in the page. */
final class Frame {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private Frame() {}

  static void open(Markup page, String title) throws IOException {
    page.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
    page.single("meta", "charset", "utf-8");
    page.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.element("title", title);
    page.raw("<style>\n").raw(resource(UPLOT + "uPlot.min.css")).raw(resource("report.css"));
    page.raw("</style>\n").close().open("body").open("main");
  }

  static void close(Markup page, Charts charts) throws IOException {
    page.close();
    page.raw("<script type=\"application/json\" id=\"charts\">").raw(charts.json());
    page.raw("</script>\n<script>\n").raw(resource(UPLOT + "uPlot.iife.min.js"));
    page.raw("\n").raw(resource("report.js")).raw("</script>\n").close().close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Frame.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
