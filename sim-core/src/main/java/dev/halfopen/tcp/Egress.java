package dev.halfopen.tcp;

import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;

/** Where segments leave the stack. One implementation is loaded in a run. */
public interface Egress {
  /** Takes the segment at this instant; the object is the caller's and is reused. */
  void emit(long nowNs, Host from, Segment segment);
}
