package dev.halfopen.scenario;

import dev.halfopen.net.Host;
import java.util.List;
import java.util.function.BiConsumer;

/** Which links a fault changes: {@code between: [A, B]}, {@code oneWay: true} for A to B only. */
record LinkEnds(String a, String b, boolean oneWay) {
  static LinkEnds read(MapReader fault) {
    fault.require("between");
    List<String> ends = fault.list("between").stream().map(ParameterType::text).toList();
    if (fault.has("between") && ends.size() != 2) {
      fault.problem("between", "two hosts are wanted, for example [app, db]");
    }
    boolean two = ends.size() == 2;
    boolean oneWay = fault.flag("oneWay", false);
    return new LinkEnds(two ? ends.get(0) : "", two ? ends.get(1) : "", oneWay);
  }

  void check(WorldChecks checks) {
    WorldChecks.Place place = checks.fault("between");
    if (checks.known(a, place) && checks.known(b, place)) {
      checks.linked(a, b, place);
    }
  }

  /** Each direction in which packets go, from the sender to the receiver. */
  void each(Assembler world, BiConsumer<Host, Host> change) {
    for (HostSpec from : world.spec().group(a)) {
      for (HostSpec to : world.spec().group(b)) {
        change.accept(world.host(from.name()), world.host(to.name()));
        if (!oneWay) {
          change.accept(world.host(to.name()), world.host(from.name()));
        }
      }
    }
  }
}
