package dev.halfopen.net.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A filter in the words of pcap-filter(7): {@code host proxy and tcp port 8080}. Primitives: {@code
 * [src|dst] host NAME|ADDRESS}, {@code [src|dst] port N}, {@code tcp}, {@code udp}, {@code icmp},
 * {@code on NAME} for the interface, {@code inbound}, {@code outbound}; {@code not}, {@code and},
 * {@code or}, parentheses. As there, {@code and} and {@code or} bind alike, from left to right.
 */
public final class PacketFilter {
  private static final String PRIMITIVES =
      "host NAME, src host NAME, dst host NAME, port N, src port N, dst port N, tcp, udp, icmp, "
          + "on NAME, inbound or outbound";

  private static final int EITHER = 0;
  private static final int SOURCE = 1;
  private static final int DESTINATION = 2;

  /** Which hosts a name stands for. */
  @FunctionalInterface
  public interface HostNames {
    /**
     * Ids of the hosts.
     *
     * @throws IllegalArgumentException if there are none, with what to say about it
     */
    int[] idsOf(String name);
  }

  /** A packet at an interface. */
  static final class Packet {
    int iface;
    boolean inbound;
    int protocol;
    int source;
    int destination;

    /** Whose addresses they are; -1 for nobody's. */
    int sourceHost;

    int destinationHost;

    /** -1 without. */
    int sourcePort;

    int destinationPort;
  }

  @FunctionalInterface
  private interface Test {
    boolean holds(Packet p);
  }

  private final String text;
  private final HostNames names;
  private final List<String> words;
  private final Test test;
  private int next;
  private boolean namesInterfaces;

  private PacketFilter(String text, HostNames names) {
    this.text = text;
    this.names = names;
    this.words = words(text);
    if (words.isEmpty()) {
      throw problem("is empty");
    }
    this.test = expression();
    if (next < words.size()) {
      throw problem("a ) too many");
    }
  }

  /**
   * Reads a filter.
   *
   * @throws IllegalArgumentException if it is none; the message says where and what may stand there
   */
  public static PacketFilter parse(String text, HostNames names) {
    return new PacketFilter(text, names);
  }

  boolean matches(Packet p) {
    return test.holds(p);
  }

  /** Whether it says at which interfaces packets are taken. */
  boolean namesInterfaces() {
    return namesInterfaces;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    String spaced = text.replaceAll("&&|\\|\\||[()!]", " $0 ").trim();
    for (String w : spaced.split("\\s+", -1)) {
      if (!w.isEmpty()) {
        words.add(w);
      }
    }
    return words;
  }

  private IllegalArgumentException problem(String what) {
    return new IllegalArgumentException("'" + text + "': " + what);
  }

  private boolean take(String... any) {
    for (String word : any) {
      if (next < words.size() && words.get(next).equals(word)) {
        next++;
        return true;
      }
    }
    return false;
  }

  private String word(String expected) {
    if (next == words.size()) {
      throw problem("ends where " + expected + " is expected");
    }
    return words.get(next++);
  }

  private Test expression() {
    Test left = unary();
    while (next < words.size() && !words.get(next).equals(")")) {
      Test before = left;
      if (take("and", "&&")) {
        Test right = unary();
        left = p -> before.holds(p) && right.holds(p);
      } else if (take("or", "||")) {
        Test right = unary();
        left = p -> before.holds(p) || right.holds(p);
      } else {
        throw problem("'" + words.get(next) + "' where 'and' or 'or' is expected");
      }
    }
    return left;
  }

  private Test unary() {
    if (take("not", "!")) {
      Test inner = unary();
      return p -> !inner.holds(p);
    }
    if (take("(")) {
      Test inner = expression();
      if (!take(")")) {
        throw problem("a ( is not closed");
      }
      return inner;
    }
    return primitive();
  }

  private Test primitive() {
    if (take("inbound")) {
      return p -> p.inbound;
    }
    if (take("outbound")) {
      return p -> !p.inbound;
    }
    if (take("on")) {
      namesInterfaces = true;
      int[] ids = hosts(word("a host after on"));
      return p -> contains(ids, p.iface);
    }
    Test protocol = protocol();
    if (protocol == null) {
      return endpoint();
    }
    if (next < words.size() && isEndpoint(words.get(next))) {
      Test endpoint = endpoint();
      return p -> protocol.holds(p) && endpoint.holds(p);
    }
    return protocol;
  }

  private @Nullable Test protocol() {
    if (take("tcp")) {
      return p -> p.protocol == PacketBytes.TCP;
    }
    if (take("udp")) {
      return p -> p.protocol == PacketBytes.UDP;
    }
    return take("icmp") ? p -> p.protocol == PacketBytes.ICMP : null;
  }

  private static boolean isEndpoint(String word) {
    return switch (word) {
      case "src", "dst", "host", "port" -> true;
      default -> false;
    };
  }

  private Test endpoint() {
    int side = take("src") ? SOURCE : take("dst") ? DESTINATION : EITHER;
    if (take("port")) {
      int port = port(word("a port"));
      return p ->
          side != DESTINATION && p.sourcePort == port
              || side != SOURCE && p.destinationPort == port;
    }
    if (!take("host") && side == EITHER) {
      throw problem("'" + word(PRIMITIVES) + "' is none of " + PRIMITIVES);
    }
    String host = word("a host");
    if (host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
      int address = address(host);
      return p ->
          side != DESTINATION && p.source == address || side != SOURCE && p.destination == address;
    }
    int[] ids = hosts(host);
    return p ->
        side != DESTINATION && contains(ids, p.sourceHost)
            || side != SOURCE && contains(ids, p.destinationHost);
  }

  private int[] hosts(String name) {
    try {
      return names.idsOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
    }
  }

  private int port(String word) {
    int port = word.matches("\\d{1,5}") ? Integer.parseInt(word) : -1;
    if (port < 1 || port > 0xFFFF) {
      throw problem("'" + word.toLowerCase(Locale.ROOT) + "' is no port; 1..65535");
    }
    return port;
  }

  private int address(String word) {
    int address = 0;
    for (String part : word.split("\\.", -1)) {
      int n = part.length() > 3 ? 256 : Integer.parseInt(part);
      if (n > 255) {
        throw problem("'" + word + "' is no IPv4 address");
      }
      address = address << 8 | n;
    }
    return address;
  }

  private static boolean contains(int[] ids, int id) {
    for (int i : ids) {
      if (i == id) {
        return true;
      }
    }
    return false;
  }
}
