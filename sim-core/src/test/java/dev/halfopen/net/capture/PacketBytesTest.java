package dev.halfopen.net.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Segment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketBytesTest {
  private static final int SYN_SENT_ALL =
      Segment.OPT_MSS
          | Segment.OPT_SACK_PERMITTED
          | Segment.OPT_TIMESTAMP
          | Segment.OPT_WINDOW_SCALE;

  private final Segment segment = new Segment();
  private final PacketBytes bytes = new PacketBytes();

  PacketBytesTest() {
    segment.source = 0x0A000001;
    segment.destination = 0x0A000002;
    segment.ports = 40_000 << 16 | 8080;
    segment.seq = 0x12345678;
    segment.window = 64_240;
    segment.tsValue = 7;
    segment.mss = 1460;
    segment.windowScale = 7;
  }

  private byte[] made(int what, int sideRecord) {
    long[] words = new long[Tap.WORDS];
    words[Tap.WHAT] = what;
    segment.write(words, Tap.WHAT);
    Segment.sideRecord(words, Tap.WHAT, sideRecord);
    bytes.make(words, 0);
    return Arrays.copyOf(bytes.bytes(), bytes.length());
  }

  private byte[] made() {
    return made(Tap.OUT, 0);
  }

  /** RFC 1071 in its plainest form: 0 if the checksum within is right. */
  private static int checksum(byte[] b, int from, int to, long start) {
    long sum = start;
    for (int i = from; i < to; i++) {
      sum += (b[i] & 0xFF) << ((i - from) % 2 == 0 ? 8 : 0);
    }
    while (sum > 0xFFFF) {
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return (int) ~sum & 0xFFFF;
  }

  private static void assertChecksums(byte[] b) {
    assertThat(checksum(b, 0, 20, 0)).isZero();
    int protocol = b[9];
    if (protocol == PacketBytes.ICMP) {
      assertThat(checksum(b, 20, b.length, 0)).isZero();
      assertThat(checksum(b, 28, 48, 0)).isZero();
      return;
    }
    long pseudo = (long) protocol + b.length - 20;
    for (int i = 12; i < 20; i += 2) {
      pseudo += (b[i] & 0xFF) << 8 | b[i + 1] & 0xFF;
    }
    assertThat(checksum(b, 20, b.length, pseudo)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "15, 020405b40402080a0000000700000000" + "01030307",
    "14, 0402080a0000000700000000" + "01030307",
    "13, 020405b40101080a0000000700000000" + "01030307",
    "11, 020405b4080a",
    "10, 01010402"
  })
  void optionsLieAsTheKernelLaysThem(int unused, String start) {
    int options = unused == 11 ? Segment.OPT_MSS | Segment.OPT_TIMESTAMP : mask(unused);
    segment.flags = Segment.SYN;
    segment.options = options;
    byte[] b = made();
    String hex = HexFormat.of().formatHex(b, 40, b.length);
    assertThat(hex).startsWith(unused == 11 ? "020405b40101080a" : start);
    assertThat(b).hasSize(segment.ipBytes());
    assertChecksums(b);
  }

  private static int mask(int which) {
    return switch (which) {
      case 15 -> SYN_SENT_ALL;
      case 14 -> SYN_SENT_ALL & ~Segment.OPT_MSS;
      case 13 -> SYN_SENT_ALL & ~Segment.OPT_SACK_PERMITTED;
      default -> Segment.OPT_SACK_PERMITTED;
    };
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "1447", "1448", "60000"})
  void checksumsAreRightForPayloadOfAnyLength(int payload) {
    segment.flags = Segment.ACK | Segment.PSH;
    segment.options = Segment.OPT_TIMESTAMP;
    segment.length = payload;
    byte[] b = made();
    assertThat(b).hasSize(52 + payload);
    assertChecksums(b);
  }

  @Test
  void refusalHoldsTheHeaderOfWhatCouldNotGoOn() {
    segment.flags = Segment.SYN;
    segment.options = SYN_SENT_ALL;
    byte[] b = made(Tap.ICMP_IN, 1);
    assertChecksums(b);
    assertThat(HexFormat.of().formatHex(b, 12, 22)).isEqualTo("0a0000020a0000010301");
    assertThat(HexFormat.of().formatHex(b, 40, 56)).isEqualTo("0a0000010a0000029c401f9012345678");
  }

  @Test
  void datagramIsADnsAnswerWithItsAddress() {
    segment.options = Segment.OPT_DATAGRAM;
    segment.ports = 53 << 16 | 40_000;
    segment.length = 54;
    segment.ack = 0x0A000003;
    byte[] b = made();
    assertThat(b).hasSize(20 + 8 + 54);
    assertChecksums(b);
    assertThat(HexFormat.of().formatHex(b, b.length - 16, b.length))
        .isEqualTo("c00c000100010000000000040a000003");
  }
}
