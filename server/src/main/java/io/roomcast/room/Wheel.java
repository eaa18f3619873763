package io.roomcast.room;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of many, to the second, at a few bytes each and without a timer for each: a ring of
 * slots, one a second. Belongs to a lane's thread.
 */
public final class Wheel {
  private static final int SLOTS = 128;

  /** The longest delay, in seconds. */
  public static final int MAX_SECONDS = SLOTS - 1;

  private final @Nullable Entry[] @Nullable [] slots = new Entry[SLOTS][];
  private final int[] sizes = new int[SLOTS];
  private int now;

  /** Something with at most one deadline at a time. */
  public interface Entry {
    /** What the wheel last gave to {@link #place(int)}; −1 at first. */
    int place();

    /** Keeps a number for the wheel. */
    void place(int place);

    /** The deadline has come; a new one may be set from here. */
    void onDeadline();
  }

  /** Sets an entry's deadline, in place of an earlier one. */
  public void set(Entry entry, int seconds) {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new IllegalArgumentException("1 to " + MAX_SECONDS + " seconds, not " + seconds);
    }
    clear(entry);
    int slot = (now + seconds) % SLOTS;
    @Nullable Entry[] entries = slots[slot];
    if (entries == null) {
      entries = new Entry[8];
    } else if (sizes[slot] == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    slots[slot] = entries;
    entries[sizes[slot]] = entry;
    entry.place(sizes[slot]++ * SLOTS + slot);
  }

  /** Forgets an entry's deadline. */
  @SuppressWarnings("ReferenceEquality") // The very entry, not one that says it is equal.
  public void clear(Entry entry) {
    int place = entry.place();
    if (place < 0) {
      return;
    }
    entry.place(-1);
    int slot = place % SLOTS;
    @Nullable Entry[] entries = slots[slot];
    if (entries == null) {
      return;
    }
    int last = --sizes[slot];
    Entry moved = entries[last];
    entries[last] = null;
    if (moved != null && moved != entry) {
      entries[place / SLOTS] = moved;
      moved.place(place);
    }
  }

  /**
   * A second has passed. Who is due is taken out one by one, so that a deadline that clears or sets
   * others of this very second is obeyed. None can be set into it: the ring is longer than any
   * delay.
   */
  void tick() {
    now = (now + 1) % SLOTS;
    @Nullable Entry[] due = slots[now];
    while (due != null && sizes[now] > 0) {
      Entry entry = due[sizes[now] - 1];
      if (entry != null) {
        clear(entry);
        entry.onDeadline();
      }
    }
    slots[now] = null;
  }
}
