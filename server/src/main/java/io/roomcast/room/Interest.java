package io.roomcast.room;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * This node's interest in one room: which lanes have members, and whether the broker has confirmed
 * it. Lives from the first member's coming to the last one's going.
 *
 * <p>Changed under the {@link Hub}'s lock for the room, read by any thread. A lane that enters
 * writes {@link #lanes} and then reads {@link #live}; a broker that confirms writes {@link #live}
 * and then reads {@link #lanes}: so at least one of the two sees the other.
 */
final class Interest {
  /** Tells this interest from earlier and later ones for the same room. */
  final long ticket;

  /** One bit for each lane with a member or somebody waiting to become one. */
  volatile long lanes;

  /** Whether every publication from now on arrives, as far as is known. */
  volatile boolean live;

  /** Sessions on this node that are in the room. */
  final AtomicInteger members = new AtomicInteger();

  /** Messages brought for the room, for people to see how busy it is. */
  final LongAdder messages = new LongAdder();

  /** How some members' frames are made, when that is costly. */
  private volatile @Nullable Encoding costly;

  /** How many have it so; guarded by this interest's own monitor. */
  private int costlyMembers;

  Interest(long ticket) {
    this.ticket = ticket;
  }

  /** Somebody has become a member. */
  void entered(Session session) {
    members.incrementAndGet();
    countCostly(session.transport().encoding(), 1);
  }

  /** Somebody is one no longer. */
  void left(Session session) {
    members.decrementAndGet();
    countCostly(session.transport().encoding(), -1);
  }

  private void countCostly(Encoding encoding, int by) {
    if (encoding.costly()) {
      synchronized (this) {
        costlyMembers += by;
        costly = costlyMembers > 0 ? encoding : null;
      }
    }
  }

  /**
   * Makes what several lanes would each make of it otherwise. One lane alone makes it by itself
   * when it comes to that, and so holds up nobody else.
   */
  void prepare(Publication publication) {
    Encoding encoding = costly;
    if (encoding != null && Long.bitCount(lanes) > 1) {
      encoding.prepare(publication);
    }
  }
}
