package dev.halfopen.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares what must not differ at all between two revisions that did the same work. */
final class Exactness {
  /** The virtual machine itself allocates less than this on the thread, an event. */
  private static final double BYTES_TOLERATED = 0.01;

  private final String load;
  private final Announcements announcements;
  private final List<String> found = new ArrayList<>();

  private Exactness(String load, Announcements announcements) {
    this.load = load;
    this.announcements = announcements;
  }

  /** A line for each difference that is not announced, in the form in which to announce it. */
  static List<String> differences(Sample base, Sample tree, Announcements announcements) {
    Exactness e = new Exactness(tree.load(), announcements);
    if (Math.abs(bytesEach(base) - bytesEach(tree)) >= BYTES_TOLERATED) {
      e.compare("allocation", text(bytesEach(base)), text(bytesEach(tree)));
    }
    e.compare("events", each(base.events(), base), each(tree.events(), tree));
    e.compare("packets", each(base.packets(), base), each(tree.packets(), tree));
    e.compare("digest", base.digest(), tree.digest());
    if (tree.failed() != 0) {
      e.found.add(base.load() + ": " + tree.failed() + " units of work failed");
    }
    return e.found;
  }

  private void compare(String figure, String old, String now) {
    if (!old.equals(now) && !announcements.has(load, figure, old, now)) {
      found.add(load + " " + figure + " " + old + " -> " + now);
    }
  }

  /**
   * Bytes an event, beside those by which the tables say that they grew. Not a unit of work: a bulk
   * transfer is one unit in thousands of events.
   */
  private static double bytesEach(Sample s) {
    return Math.abs(s.allocatedBytes() / (double) s.events());
  }

  private static String each(long count, Sample s) {
    return text(count / (double) s.done());
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
