package io.roomcast.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What happened so far. Touched by the loop's thread alone. */
final class Tally {
  /** What must not happen. */
  enum Fault {
    LOST,
    DOUBLED,
    OUT_OF_ORDER,
    STRAYED,
    REFUSED,
    BROKEN,
    STALLED
  }

  private record Missing(int member, int publisher, int sequence) {}

  /** A gap beyond this is counted, not remembered. */
  private static final int REMEMBERED_GAP = 10_000;

  /** Nanoseconds, of the measured time alone. */
  final Histogram latency = new Histogram();

  /** How late publishes went out against their plan, nanoseconds; of open loops alone. */
  final Histogram lateness = new Histogram();

  long deliveries;
  long publishes;
  long operations;
  boolean measuring;

  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final Map<Fault, String> examples = new EnumMap<>(Fault.class);
  private final Set<Missing> missing = new HashSet<>();

  /** Forgets what the warm-up gave, but not its faults. */
  void measure() {
    latency.clear();
    lateness.clear();
    measuring = true;
  }

  void fault(Fault fault, long count, String example) {
    faults.merge(fault, count, Long::sum);
    examples.putIfAbsent(fault, example);
  }

  boolean broken() {
    return faults.containsKey(Fault.BROKEN) || faults.containsKey(Fault.REFUSED);
  }

  /** A member got a later message than the next: those between are lost until they come. */
  void gap(Member member, int publisher, int from, int to) {
    fault(Fault.LOST, to - from, member + ", publisher " + publisher + ", sequence " + from);
    for (int i = from; i < Math.min(to, from + REMEMBERED_GAP); i++) {
      missing.add(new Missing(member.number, publisher, i));
    }
  }

  /** A member got a message again, or after a later one. */
  void old(Member member, int publisher, int sequence) {
    boolean late = missing.remove(new Missing(member.number, publisher, sequence));
    String where = member + ", publisher " + publisher + ", sequence " + sequence;
    fault(late ? Fault.OUT_OF_ORDER : Fault.DOUBLED, 1, where);
    if (late) {
      faults.merge(Fault.LOST, -1L, Long::sum);
    }
  }

  List<String> faults() {
    List<String> out = new ArrayList<>();
    faults.forEach(
        (fault, count) -> {
          if (count > 0) {
            String name = fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            out.add(count + " " + name + ", first: " + examples.get(fault));
          }
        });
    return out;
  }
}
