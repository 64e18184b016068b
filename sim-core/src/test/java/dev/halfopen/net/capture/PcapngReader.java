package dev.halfopen.net.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what pcapng says a file must be like, and no more leniently. */
public final class PcapngReader {
  private static final int SECTION = 0x0A0D0D0A;

  /** A packet block. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares frames
  public record Frame(int iface, long ns, boolean inbound, int length, byte[] bytes) {
    int u8(int at) {
      return bytes[at] & 0xFF;
    }

    int u16(int at) {
      return u8(at) << 8 | u8(at + 1);
    }

    int i32(int at) {
      return u16(at) << 16 | u16(at + 2);
    }

    int headerBytes() {
      return (u8(32) >> 4) * 4;
    }

    /** The options of a TCP header. */
    byte[] options() {
      return java.util.Arrays.copyOfRange(bytes, 40, 20 + headerBytes());
    }
  }

  public final List<String> interfaces = new ArrayList<>();
  public final List<Frame> frames = new ArrayList<>();

  public PcapngReader(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      int start = in.position();
      int type = in.getInt();
      int length = in.getInt();
      if (length % 4 != 0 || in.getInt(start + length - 4) != length) {
        throw new IOException("lengths of the block at " + start + " differ");
      }
      if ((start == 0) != (type == SECTION)) {
        throw new IOException("a block of type " + type + " at " + start);
      }
      if (type == 1) {
        interfaces.add(name(in, start + 16));
      } else if (type == 6) {
        frames.add(frame(in, start));
      }
      in.position(start + length);
    }
  }

  private static String name(ByteBuffer in, int at) throws IOException {
    if (in.getShort(at) != 2) {
      throw new IOException("an interface without a name");
    }
    byte[] name = new byte[in.getShort(at + 2)];
    in.get(at + 4, name);
    return new String(name, StandardCharsets.UTF_8);
  }

  private static Frame frame(ByteBuffer in, int start) {
    int captured = in.getInt(start + 20);
    byte[] bytes = new byte[captured];
    in.get(start + 28, bytes);
    int options = start + 28 + (captured + 3 & ~3);
    return new Frame(
        in.getInt(start + 8),
        (long) in.getInt(start + 12) << 32 | in.getInt(start + 16) & 0xFFFFFFFFL,
        in.getInt(options + 4) == 1,
        in.getInt(start + 24),
        bytes);
  }
}
