package io.roomcast.memory;

import io.roomcast.room.Occupancy;
import io.roomcast.room.Time;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One node alone: what it states is what there is. */
public final class MemoryOccupancy implements Occupancy {
  private final Time time;

  /** Guarded by this, with what is below. */
  private final Set<String> filled = new HashSet<>();

  private long sequence;
  private @Nullable Local local;

  /** Has no rooms. */
  public MemoryOccupancy(Time time) {
    this.time = time;
  }

  @Override
  public synchronized void start(Local part) {
    local = part;
  }

  @Override
  public synchronized void changed(String room) {
    Local part = local;
    if (part == null) {
      return;
    }
    boolean now = part.occupied(room);
    if (now ? filled.add(room) : filled.remove(room)) {
      sequence = Math.max(sequence + 1, time.wallMillis() * 1000);
      part.turned(new Turn(room, now, sequence));
    }
  }

  @Override
  public void told(Turn turn) {}

  @Override
  public void settle() {}

  @Override
  public void close() {}
}
