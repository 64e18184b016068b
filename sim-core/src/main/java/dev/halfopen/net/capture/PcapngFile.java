package dev.halfopen.net.capture;

import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes pcapng (draft-ietf-opsawg-pcapng): a section, an interface per host with its name and a
 * resolution of 1 ns, the names of addresses, then a block a packet. Instant 0 of a run is 1970.
 */
final class PcapngFile implements Closeable {
  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int NAMES = 4;
  private static final int PACKET = 6;
  private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;

  /** LINKTYPE_RAW: packets start with their IP header. */
  private static final int LINKTYPE_RAW = 101;

  private static final int OPT_APPLICATION = 4;
  private static final int OPT_NAME = 2;
  private static final int OPT_DESCRIPTION = 3;
  private static final int OPT_RESOLUTION = 9;
  private static final int OPT_FLAGS = 2;
  private static final int NANOSECONDS = 9;
  private static final int NAME_IPV4 = 1;

  /** Header, fixed fields, flags, end of options and trailer of a packet block. */
  private static final int PACKET_REST = 8 + 20 + 8 + 4 + 4;

  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final ByteBuffer out =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final int snapLength;
  private int blockStart;

  /** Makes the file, or empties it. */
  PcapngFile(Path path, int snapLength) throws IOException {
    this.snapLength = snapLength;
    this.channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Begins the section; the interface of a packet is the id of its host. */
  void begin(Host[] hosts) throws IOException {
    begin(SECTION, 64);
    out.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
    option(OPT_APPLICATION, "halfopen");
    end();
    for (Host h : hosts) {
      begin(INTERFACE, 64 + 3 * h.name().length() + 64);
      out.putShort((short) LINKTYPE_RAW).putShort((short) 0).putInt(snapLength);
      option(OPT_NAME, h.name());
      if (h.isFarm()) {
        option(
            OPT_DESCRIPTION,
            h.addressCount() + " addresses from " + AddressTable.text(h.firstAddress()));
      }
      out.putShort((short) OPT_RESOLUTION).putShort((short) 1).putInt(NANOSECONDS);
      end();
    }
    names(hosts);
  }

  private void names(Host[] hosts) throws IOException {
    for (Host h : hosts) {
      if (!h.isFarm()) {
        byte[] name = h.name().getBytes(StandardCharsets.UTF_8);
        begin(NAMES, 64 + name.length);
        out.putShort((short) NAME_IPV4).putShort((short) (4 + name.length + 1));
        out.putInt(Integer.reverseBytes(h.firstAddress()));
        out.put(name).put((byte) 0);
        pad();
        out.putInt(0);
        end();
      }
    }
  }

  /** Adds a packet, up to the snap length of it. */
  void packet(int host, long timeNs, boolean isInbound, byte[] bytes, int length)
      throws IOException {
    int captured = Math.min(length, snapLength);
    begin(PACKET, PACKET_REST + captured + 3);
    out.putInt(host).putInt((int) (timeNs >>> 32)).putInt((int) timeNs);
    out.putInt(captured).putInt(length);
    out.put(bytes, 0, captured);
    pad();
    out.putShort((short) OPT_FLAGS).putShort((short) 4).putInt(isInbound ? 1 : 2);
    end();
  }

  private void begin(int type, int mostBytes) throws IOException {
    if (out.remaining() < mostBytes) {
      flush();
    }
    blockStart = out.position();
    out.putInt(type).putInt(0);
  }

  private void option(int code, String text) {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) code).putShort((short) value.length).put(value);
    pad();
  }

  private void pad() {
    while ((out.position() - blockStart & 3) != 0) {
      out.put((byte) 0);
    }
  }

  /** End of options, of which every block here has some, and both lengths. */
  private void end() {
    out.putInt(0);
    int length = out.position() - blockStart + 4;
    out.putInt(length);
    out.putInt(blockStart + 4, length);
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      flush();
    }
  }
}
