package io.roomcast.room;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rooms in which one session lags; the one for longest is the first. */
final class Lags {
  private final Session session;
  private final List<Lag> all = new ArrayList<>(1);
  private boolean resuming;

  Lags(Session session) {
    this.session = session;
  }

  /**
   * Gives a member what its room says, when the wire takes it; in its turn, when the member lags.
   * In rooms where slow readers are not closed.
   *
   * @return how many events were written
   */
  static int send(Session session, Outgoing outgoing, Room room) {
    Lag lag = session.lag(room);
    if (lag == null) {
      if (session.writable()) {
        return session.send(outgoing);
      }
      lag = session.lags().add(room);
    }
    return lag.take(outgoing.publications());
  }

  @Nullable Lag of(Room room) {
    for (Lag lag : all) {
      if (lag.room == room) {
        return lag;
      }
    }
    return null;
  }

  boolean has(Lag lag) {
    return all.contains(lag);
  }

  private Lag add(Room room) {
    Lag lag = room.lag(session);
    all.add(lag);
    return lag;
  }

  void remove(Lag lag) {
    if (all.remove(lag)) {
      lag.end();
    }
  }

  /** The wire takes output again. Heard from within a write, so nothing is written here. */
  void drained() {
    if (!all.isEmpty() && !resuming) {
      resuming = true;
      session.lane().execute(this::resume);
    }
  }

  /** One after another, and no more at a time than the wire takes. */
  private void resume() {
    resuming = false;
    for (Lag lag : List.copyOf(all)) {
      if (!session.writable()) {
        return;
      }
      if (has(lag)) {
        lag.resume();
      }
    }
  }

  /** From now on messages wait for members again, and none is to overtake what they are owed. */
  static void settle(@Nullable Session[] members, int size, Room room) {
    for (int i = 0; i < size; i++) {
      Session session = members[i];
      Lag lag = session == null ? null : session.lag(room);
      if (lag != null) {
        lag.settle();
      }
    }
  }
}
