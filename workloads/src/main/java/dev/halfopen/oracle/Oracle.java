package dev.halfopen.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The measured behaviour of a Linux 6.18 kernel (experiments O1 to O9), each row beside what the
 * simulator does under the same conditions. One code and one profile for all rows.
 */
public final class Oracle {
  private static final String TABLE = "summary.csv";
  private static final String EXCHANGES = "O9";

  private final Map<String, Experiment> experiments = new LinkedHashMap<>();
  private final ExchangeReplay exchanges = new ExchangeReplay();

  public Oracle() {
    experiments.put("O1", new ConnectToBlackHole());
    experiments.put("O2", new HalfOpen());
    experiments.put("O3", new SynFlood());
    experiments.put("O4", new AcceptQueue());
    experiments.put("O5", Oracle::timeWait);
    experiments.put("O6", new DeadPeer());
    experiments.put("O7", new KeepaliveProbes());
    experiments.put("O8", new Orphan());
    experiments.put(EXCHANGES, exchanges);
  }

  private static Readings timeWait(Case c, Scene scene) {
    return c.name().contains("closer=")
        ? new PortExhaustion().simulate(c, scene)
        : new TimeWaitLife().simulate(c, scene);
  }

  /** The names of the experiments, in order. */
  public List<String> names() {
    return List.copyOf(experiments.keySet());
  }

  /** How many jiffies phases the full comparison takes. */
  public static int allPhases() {
    return Conditions.PHASES;
  }

  /**
   * Simulates every measured case of the chosen experiments.
   *
   * @param chosen names of experiments
   * @param phases jiffies phases at which each case is simulated, from 1
   * @param caseDone is given the name of each case when it is done
   */
  public List<OracleRow> run(List<String> chosen, int phases, Consumer<String> caseDone) {
    Map<String, Map<String, List<Measurement>>> byCase = new LinkedHashMap<>();
    for (Measurement m : measurements()) {
      if (chosen.contains(m.experiment())) {
        byCase
            .computeIfAbsent(m.experiment(), e -> new LinkedHashMap<>())
            .computeIfAbsent(m.caseName(), c -> new ArrayList<>())
            .add(m);
      }
    }
    List<OracleRow> rows = new ArrayList<>();
    byCase.forEach(
        (experiment, cases) ->
            cases.forEach(
                (name, measured) -> {
                  Readings readings = simulate(experiment, name, phases);
                  for (Measurement m : measured) {
                    rows.add(OracleRow.of(m, readings.byQuantity().get(m.quantity())));
                  }
                  caseDone.accept(experiment + " " + name);
                }));
    return rows;
  }

  private Readings simulate(String experiment, String caseName, int phases) {
    Experiment e = experiments.get(experiment);
    if (e == null) {
      throw new IllegalArgumentException(experiment);
    }
    Readings all = new Readings();
    for (int phase = 0; phase < phases; phase++) {
      all.include(e.simulate(new Case(caseName), new Scene(phase)));
    }
    return all;
  }

  /** The rows of summary.csv that belong to these experiments, and the exchanges of O9. */
  private List<Measurement> measurements() {
    List<Measurement> rows = new ArrayList<>();
    for (List<String> f : Csv.rows(TABLE)) {
      if (experiments.containsKey(f.get(0))) {
        rows.add(
            new Measurement(
                f.get(0),
                f.get(1),
                f.get(2),
                Double.parseDouble(f.get(3)),
                Double.parseDouble(f.get(4))));
      }
    }
    rows.addAll(exchanges.measurements());
    return rows;
  }
}
