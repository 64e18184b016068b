package dev.halfopen.net.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketFilterTest {
  private static final List<String> HOSTS = List.of("clients", "proxy", "upstream");

  private static int[] idsOf(String name) {
    int id = HOSTS.indexOf(name);
    if (id < 0) {
      throw new IllegalArgumentException("no host " + name);
    }
    return new int[] {id};
  }

  /** From the proxy's port 40000 to the upstream's port 8080, as it leaves the proxy. */
  private static PacketFilter.Packet packet() {
    PacketFilter.Packet p = new PacketFilter.Packet();
    p.iface = 1;
    p.protocol = PacketBytes.TCP;
    p.source = 0x0A000001;
    p.destination = 0x0A000002;
    p.sourceHost = 1;
    p.destinationHost = 2;
    p.sourcePort = 40_000;
    p.destinationPort = 8080;
    return p;
  }

  @ParameterizedTest
  @CsvSource({
    "host proxy and port 8080, true",
    "host proxy and port 80, false",
    "host clients, false",
    "src host proxy, true",
    "dst proxy, false",
    "dst port 8080, true",
    "src port 8080, false",
    "tcp port 8080, true",
    "udp port 8080, false",
    "icmp, false",
    "host 10.0.0.2, true",
    "src host 10.0.0.2, false",
    "on proxy, true",
    "on upstream, false",
    "outbound and not inbound, true",
    "not (port 8080 or port 80), false",
    "!(inbound) && tcp || icmp, true",
    // alike from left to right: (tcp or udp) and udp
    "tcp or udp and udp, false",
    "udp and tcp or tcp, true",
  })
  void holdsAsPcapFilterSays(String text, boolean holds) {
    assertThat(PacketFilter.parse(text, PacketFilterTest::idsOf).matches(packet()))
        .isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|'': is empty",
        "host|'host': ends where a host is expected",
        "host prxy|'host prxy': no host prxy",
        "port 0|'port 0': '0' is no port; 1..65535",
        "port http|'port http': 'http' is no port; 1..65535",
        "tcp udp|'tcp udp': 'udp' where 'and' or 'or' is expected",
        "(tcp|'(tcp': a ( is not closed",
        "tcp)|'tcp)': a ) too many",
        "host 10.0.0.256|'host 10.0.0.256': '10.0.0.256' is no IPv4 address",
        "tcp and|'tcp and': ends where host NAME, src host NAME,",
        "proxy|'proxy': 'proxy' is none of host NAME, src host NAME,",
      })
  void saysWhatIsWrong(String text, String message) {
    String expected = message.startsWith("''") ? message : message.replaceAll("^'(.*?)':", "'$1':");
    assertThatThrownBy(() -> PacketFilter.parse(text, PacketFilterTest::idsOf))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(expected);
  }
}
