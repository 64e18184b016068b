package dev.halfopen.gate;

import dev.halfopen.bench.ChurnWorld;
import dev.halfopen.world.World;

/** 100,000 TIME_WAITs: connections of ten packets, closed by the client. */
final class ChurnLoad implements GateLoad {
  private static final long PER_SECOND = 1666;
  private static final int MACHINES = 104;

  private final ChurnWorld churn = new ChurnWorld(PER_SECOND, MACHINES);

  @Override
  public double warmSeconds() {
    return 190;
  }

  @Override
  public double shortSeconds() {
    return 190;
  }

  @Override
  public World world() {
    return churn.world();
  }

  @Override
  public long done() {
    return churn.completed();
  }

  @Override
  public long failed() {
    return churn.failed();
  }

  @Override
  public long grantedBytes() {
    return churn.grantedBytes();
  }
}
