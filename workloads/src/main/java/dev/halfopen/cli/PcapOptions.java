package dev.halfopen.cli;

import dev.halfopen.net.capture.Capture;
import dev.halfopen.net.capture.CaptureConfig;
import dev.halfopen.net.capture.PacketFilter;
import dev.halfopen.report.Figures;
import dev.halfopen.report.RunDirectory;
import dev.halfopen.scenario.Assembler;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.WorldSpec;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether packets are recorded, and which; a filter or a limit asks for them too. */
final class PcapOptions {
  static final String FILE = "capture.pcapng";
  private static final long PACKETS = 1_000_000;

  @Option(
      names = "--pcap",
      description = "Records packets in capture.pcapng, each once, nanosecond stamps.")
  private boolean pcap;

  @Option(
      names = "--pcap-filter",
      paramLabel = "FILTER",
      description =
          "Which, in the words of tcpdump: 'host proxy and port 8080'; 'on proxy' for all"
              + " that passes that host's interface.")
  private @Nullable String filter;

  @Option(
      names = "--pcap-limit",
      paramLabel = "N",
      description = "Packets at most, the first ones. Default: 1000000.")
  private @Nullable Long limit;

  boolean isAsked() {
    return pcap || filter != null || limit != null;
  }

  /** Looks at filter and limit, before anything is done. */
  void check(WorldSpec world) throws BadInputException {
    if (limit != null && limit < 1) {
      throw new BadInputException("--pcap-limit " + limit + ": at least 1");
    }
    if (filter != null) {
      try {
        PacketFilter.parse(filter, Assembler.hostNames(world));
      } catch (IllegalArgumentException e) {
        throw new BadInputException("--pcap-filter " + e.getMessage());
      }
    }
  }

  /** Begins a capture, if one was asked for. */
  Optional<Capture> begin(RunDirectory directory) throws BadInputException {
    if (!isAsked()) {
      return Optional.empty();
    }
    CaptureConfig config = new CaptureConfig(directory.begin(FILE));
    config.filter = filter;
    config.packetsMax = limit == null ? PACKETS : limit;
    try {
      return Optional.of(new Capture(config));
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
  }

  static BadInputException cannotWrite(RunDirectory directory, IOException e) {
    return new BadInputException(
        directory.path().resolve(FILE) + ": cannot be written: " + RunDirectory.reason(e));
  }

  /** What became of it; "" without anything to say. */
  static String note(Capture capture) {
    return capture.reachedLimit()
        ? "note: "
            + FILE
            + " ends after "
            + Figures.grouped(capture.packets())
            + " packets; --pcap-filter takes fewer, --pcap-limit allows more"
        : "";
  }
}
