package io.roomcast.room;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every session on a lane, in no order; each knows its place. Belongs to the lane's thread, but for
 * {@link #count}.
 */
final class Sessions {
  private @Nullable Session[] all = new Session[16];

  /** Written by the lane's thread alone, read by those who count. */
  private volatile int count;

  int count() {
    return count;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the lane's thread writes it.
  void add(Session session) {
    int place = count;
    if (place == all.length) {
      all = Arrays.copyOf(all, place + (place >> 1));
    }
    all[place] = session;
    session.placeOnLane(place);
    count = place + 1;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the lane's thread writes it.
  void remove(Session session) {
    int last = count - 1;
    int place = session.placeOnLane();
    Session moved = all[last];
    all[last] = null;
    count = last;
    if (moved != null && place != last) {
      all[place] = moved;
      moved.placeOnLane(place);
    }
  }

  /** Does something with up to so many, those that came last first; they may be removed by it. */
  void forLast(int most, Consumer<Session> action) {
    int done = 0;
    // Downwards, since who is removed is replaced by the last.
    for (int place = count - 1; place >= 0 && done < most; place--) {
      Session session = all[place];
      if (session != null) {
        done++;
        action.accept(session);
      }
    }
  }
}
