package dev.halfopen.packetdrill;

import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Shell blocks of a script: recognised, never executed. What is not recognised makes the script
 * unsupported.
 */
final class ShellCommands {
  /** Sysctls that the stack does not have, with the values at which that makes no difference. */
  private static final Map<String, Set<String>> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("tcp_ecn", Set.of("0", "2")),
          Map.entry("tcp_frto", Set.of("0", "2")),
          Map.entry("tcp_dsack", Set.of("1")),
          Map.entry("tcp_fack", Set.of("0")),
          Map.entry("tcp_reordering", Set.of("3")),
          Map.entry("tcp_congestion_control", Set.of("cubic", "reno")),
          Map.entry("tcp_early_retrans", Set.of("3", "4")),
          Map.entry("tcp_recovery", Set.of("1")),
          Map.entry("tcp_mtu_probing", Set.of("0")),
          Map.entry("tcp_no_metrics_save", Set.of("0", "1")),
          Map.entry("tcp_tso_win_divisor", Set.of("3")),
          Map.entry("tcp_min_tso_segs", Set.of("1", "2", "4")),
          Map.entry("tcp_moderate_rcvbuf", Set.of("0", "1")),
          Map.entry("tcp_slow_start_after_idle", Set.of("0", "1")),
          Map.entry("tcp_pacing_ss_ratio", Set.of("200")),
          Map.entry("tcp_pacing_ca_ratio", Set.of("120")));

  private static final Pattern SEPARATOR = Pattern.compile("\\n|;|&&");
  private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|[^\\s\"])+");
  private static final Pattern BLANK = Pattern.compile("\\s+");

  /** What the block before the first event did. */
  private final SysctlProfile sysctl;

  private boolean dropsAll;
  private boolean fastOpen;
  private int mtu;

  ShellCommands(SysctlProfile sysctl) {
    this.sysctl = sysctl;
  }

  /** Whether {@code tc ... pfifo limit 0} is in force: the device refuses every packet. */
  boolean dropsAll() {
    return dropsAll;
  }

  /** Whether a listener may take Fast Open without asking for it: TFO_SERVER_WO_SOCKOPT1. */
  boolean fastOpen() {
    return fastOpen;
  }

  /** MTU that was set, 0 for none. */
  int mtu() {
    return mtu;
  }

  /** Applies a block to the profile; the caller makes a running host read it again. */
  void apply(int line, String block) {
    for (String command : SEPARATOR.split(block.replace("\\\n", " "))) {
      int comment = command.indexOf(" #");
      String c = (comment < 0 ? command : command.substring(0, comment)).strip();
      if (!c.isEmpty() && !c.startsWith("#")) {
        command(line, c);
      }
    }
  }

  private void command(int line, String command) {
    String[] words = WORD.matcher(command).results().map(m -> m.group()).toArray(String[]::new);
    String name = words[0].substring(words[0].lastIndexOf('/') + 1);
    switch (name) {
      case "defaults.sh":
        defaults();
        break;
      case "sysctl":
        for (int i = 1; i < words.length; i++) {
          if (!words[i].startsWith("-")) {
            assign(line, words[i].replace("\"", ""));
          }
        }
        break;
      case "set_sysctls.py":
        for (int i = 1; i < words.length; i++) {
          assign(line, words[i].replace("/proc/sys/", "").replace('/', '.'));
        }
        break;
      case "ip":
      case "ifconfig":
        interfaceCommand(line, command, words);
        break;
      case "tc":
        trafficControl(line, command);
        break;
      case "true":
        break;
      default:
        if (!name.startsWith("sysctl_restore_")) {
          throw unknown(line, command);
        }
        break;
    }
  }

  private static ScriptException unknown(int line, String command) {
    return new ScriptException.Unsupported(line, "shell command: " + command);
  }

  /** The kernel's and packetdrill's defaults.sh, on the kernel that they are written for. */
  private void defaults() {
    sysctl.hz(1000);
    sysctl.receiveBuffer(540_000, 15 << 20);
    sysctl.set(Sysctl.TCP_SYN_RETRIES, 5);
    sysctl.set(Sysctl.TCP_SYNACK_RETRIES, 5);
    sysctl.set(Sysctl.TCP_TIMESTAMPS, 1);
    sysctl.set(Sysctl.TCP_SACK, 1);
    sysctl.set(Sysctl.TCP_SYNCOOKIES, 1);
  }

  private void assign(int line, String assignment) {
    int eq = assignment.indexOf('=');
    if (eq < 0) {
      throw unknown(line, "sysctl " + assignment);
    }
    String key = assignment.substring(0, eq);
    String value = assignment.substring(eq + 1);
    if (key.equals("net.ipv4.tcp_rmem")) {
      receiveMemory(line, value);
      return;
    }
    Sysctl known = Sysctl.byKey(key);
    if (known == null) {
      String shortName = key.substring(key.lastIndexOf('.') + 1);
      if (shortName.equals("tcp_fastopen")) {
        fastOpen = (Long.decode(value) & 0x400) != 0;
        return;
      }
      if (!WITHOUT_EFFECT.getOrDefault(shortName, Set.of()).contains(value)) {
        throw unknown(line, "sysctl " + assignment);
      }
      return;
    }
    try {
      sysctl.set(known, Long.decode(value));
    } catch (IllegalArgumentException e) {
      throw new ScriptException.Failed(line, "sysctl " + assignment + ": " + e.getMessage());
    }
  }

  private void receiveMemory(int line, String value) {
    String[] numbers = BLANK.split(value.strip());
    if (numbers.length != 3) {
      throw unknown(line, "sysctl net.ipv4.tcp_rmem=" + value);
    }
    sysctl.receiveBuffer(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
  }

  private void interfaceCommand(int line, String command, String[] words) {
    for (int i = 1; i + 1 < words.length; i++) {
      if (words[i].equals("mtu")) {
        mtu = Integer.parseInt(words[i + 1]);
        return;
      }
    }
    if (!command.contains("tcp_metrics flush")) {
      throw unknown(line, command);
    }
  }

  private void trafficControl(int line, String command) {
    if (!command.contains("qdisc")) {
      throw unknown(line, command);
    }
    if (command.contains(" del")) {
      dropsAll = false;
    } else if (command.contains("pfifo")) {
      dropsAll = command.contains("limit 0");
    } else {
      throw unknown(line, command);
    }
  }
}
