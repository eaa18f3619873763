package io.roomcast.room;

import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The joins of a room on one lane that begin in the past. Belongs to the lane's thread. */
final class CatchUps {
  private final Room room;
  private final RoomLog log;
  private final Lane lane;
  private final Set<CatchUp> all = new LinkedHashSet<>(0);

  CatchUps(Room room, RoomLog log, Lane lane) {
    this.room = room;
    this.log = log;
    this.lane = lane;
  }

  boolean any() {
    return !all.isEmpty();
  }

  boolean has(Session session) {
    return all.stream().anyMatch(one -> one.join().session() == session);
  }

  /** Lets somebody in who begins in the past, when it is its turn. */
  void add(Join join) {
    CatchUp one = new CatchUp(join, lane.hub().limits(), this::read);
    all.add(one);
    join.session().turns().add(one);
  }

  private void read(CatchUp one) {
    log.ask(
        one.query(),
        part -> {
          if (!all.contains(one)) {
            return;
          }
          if (part == null) {
            one.failed(lane.time().millis());
            return;
          }
          one.read(part);
          Position at = log.position();
          if (!part.top().sameLog(at) || part.top().offset() > at.offset()) {
            // The client may have seen what this lane has not: no need to wait for a message.
            log.read();
          }
          letIn(one);
        });
  }

  /** The members are about to be told of these. */
  void telling(List<Publication> batch) {
    for (CatchUp one : all) {
      one.meanwhile(batch);
    }
  }

  /** Lets in those who have all that they asked for. */
  void letIn() {
    List.copyOf(all).forEach(this::letIn);
  }

  private void letIn(CatchUp one) {
    JoinStart start = one.start(log.told());
    if (start != null && all.remove(one)) {
      room.admit(one.join(), start);
      one.join().session().turns().done(one);
    }
  }

  /** The lane has just been told where the log stands: who was told of another one asks again. */
  void compared() {
    letIn();
    for (CatchUp one : List.copyOf(all)) {
      if (one.ofAnother(log.position())) {
        read(one);
      }
    }
  }

  /** A second has passed: tries again what did not work. */
  void tick() {
    long now = lane.time().millis();
    for (CatchUp one : List.copyOf(all)) {
      if (one.due(now)) {
        read(one);
      }
    }
  }

  /** Takes out those for whom it holds; they are still to be told. */
  List<Join> remove(Predicate<Join> which) {
    List<Join> gone = new ArrayList<>();
    for (CatchUp one : List.copyOf(all)) {
      if (which.test(one.join()) && all.remove(one)) {
        gone.add(one.join());
        one.join().session().turns().remove(one);
      }
    }
    return gone;
  }
}
