package dev.halfopen.bench;

/**
 * Live connections as a main class, to be run in turns with the prototype's mode 4.
 *
 * <pre>
 * -Dn=1000000       connections alive
 * -Dsetup=2000000   opened per second
 * -Drate=500000     requests per second on random ones of them
 * -Dsec=10          virtual seconds measured, after -Dwarm=1 of requests
 * </pre>
 */
public final class Live {
  private Live() {}

  public static void main(String[] args) {
    int connections = Integer.getInteger("n", 1_000_000);
    LiveWorld live =
        new LiveWorld(connections, Long.getLong("setup", 2_000_000), Long.getLong("rate", 500_000));
    double from = live.readySeconds() + Double.parseDouble(System.getProperty("warm", "1"));
    live.run(from);
    long completed = live.completed();
    Measured measured = new Measured(live.world(), live.budget());
    live.run(from + Double.parseDouble(System.getProperty("sec", "10")));
    measured
        .stop()
        .print(
            "requests",
            live.completed() - completed,
            "connections "
                + live.world().stack().connections()
                + " skipped "
                + live.skipped()
                + " failed "
                + live.failed());
  }
}
