package io.roomcast.load;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What one publisher sent to one room, by sequence from 0: when it was sent, and when the server
 * said that it has it. Times are microseconds on any clock that all of a ledger share. Not
 * thread-safe.
 */
final class Issued {
  /** The time of what did not happen. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long UNPLACED = -1;

  private long[] sentAt = new long[16];
  private long[] heldAt = new long[16];
  private long[] positions = {};
  private final BitSet adrift = new BitSet();
  private int count;

  /** A message leaves; gives its sequence. */
  int send(long now) {
    if (count == sentAt.length) {
      sentAt = Arrays.copyOf(sentAt, 2 * count);
      heldAt = Arrays.copyOf(heldAt, 2 * count);
    }
    sentAt[count] = now;
    heldAt[count] = NEVER;
    return count++;
  }

  /**
   * The server says that it has the message: from now on it is owed to every member. One that was
   * answered with an error, or never, is not.
   */
  void held(int sequence, long now) {
    if (heldAt[sequence] == NEVER) {
      heldAt[sequence] = now;
    }
  }

  /**
   * The message may still be on its way somewhere, or has been sent again: nothing is promised of
   * its place beside others of this publisher.
   */
  void adrift(int sequence) {
    adrift.set(sequence);
  }

  boolean isAdrift(int sequence) {
    return adrift.get(sequence);
  }

  /**
   * A member was told where the message stands in the room's log.
   *
   * @return whether that is where everybody saw it
   */
  boolean placed(int sequence, long position) {
    if (sequence >= positions.length) {
      int before = positions.length;
      positions = Arrays.copyOf(positions, sentAt.length);
      Arrays.fill(positions, before, positions.length, UNPLACED);
    }
    if (positions[sequence] == UNPLACED) {
      positions[sequence] = position;
    }
    return positions[sequence] == position;
  }

  int count() {
    return count;
  }

  long sentAt(int sequence) {
    return sentAt[sequence];
  }

  /** When the server was known to have it, or {@link #NEVER}. */
  long heldAt(int sequence) {
    return heldAt[sequence];
  }
}
