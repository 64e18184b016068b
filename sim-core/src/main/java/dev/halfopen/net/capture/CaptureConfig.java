package dev.halfopen.net.capture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a capture takes and where it goes. */
public final class CaptureConfig {
  /** As of tcpdump: whole packets. */
  public static final int WHOLE_PACKETS = 262_144;

  /** The file, which is written from its start on. */
  public final Path file;

  /** See {@link PacketFilter#parse}; null: all. */
  public @Nullable String filter;

  /** Packets at most; those that come first in the order of the run. */
  public long packetsMax = Long.MAX_VALUE;

  /** Bytes of a packet that are kept, from its IP header on. */
  public int snapLength = WHOLE_PACKETS;

  public CaptureConfig(Path file) {
    this.file = file;
  }
}
