package dev.halfopen.packetdrill;

import dev.halfopen.tcp.KernelProfile;
import java.util.Map;

/** Runs packetdrill scripts against the simulated stack. */
public final class Packetdrill {
  private final KernelProfile kernel;
  private final boolean strictPush;
  private final boolean strictTime;
  private final Map<String, String> definitions;

  /**
   * @param kernel whose stack is run
   * @param strictPush whether PSH is compared too
   * @param strictTime whether 4 ms are the tolerance also after a long wait
   * @param definitions words that a script leaves open, and what they stand for
   */
  public Packetdrill(
      KernelProfile kernel,
      boolean strictPush,
      boolean strictTime,
      Map<String, String> definitions) {
    this.definitions = Map.copyOf(definitions);
    this.kernel = kernel;
    this.strictPush = strictPush;
    this.strictTime = strictTime;
  }

  /** Runs one script; never throws for what is in it. */
  public Outcome run(String name, String text) {
    return run(name, text, 0);
  }

  /**
   * The same on a host whose jiffies began at another moment: timers fire up to a granule earlier
   * or later.
   */
  public Outcome run(String name, String text, long phaseNs) {
    try {
      new ScriptRunner(
              ScriptParser.parse(text, definitions), kernel, strictPush, strictTime, phaseNs)
          .run();
      return Outcome.passed(name);
    } catch (ScriptException.Unsupported e) {
      return new Outcome(name, Outcome.Result.UNSUPPORTED, e.line(), e.detail());
    } catch (ScriptException.Failed e) {
      return new Outcome(name, Outcome.Result.FAIL, e.line(), e.detail());
    }
  }
}
