package io.roomcast.room;

import java.util.ArrayDeque;

/**
 * What one session has asked of logs: one after another, each begun when the wire has taken what
 * came before. So however much it asks for at once, little of it waits here. Belongs to the lane's
 * thread.
 */
final class Turns {
  /** What waits for its turn, or has it. */
  interface Turn {
    /** Its turn has come. It ends with {@link Turns#done} or {@link Turns#remove}. */
    void begin();

    /** Those before it make progress, so that it may wait longer. */
    void extend(long now);
  }

  private final Session session;
  private final ArrayDeque<Turn> queue = new ArrayDeque<>(2);

  /** Whether the first one has begun. */
  private boolean begun;

  Turns(Session session) {
    this.session = session;
  }

  boolean any() {
    return !queue.isEmpty();
  }

  /** How many questions for history there are. */
  long questions() {
    return queue.stream().filter(turn -> turn instanceof HistoryAnswer).count();
  }

  void add(Turn turn) {
    queue.add(turn);
    next();
  }

  /** It has what it asked for, and the next may begin. */
  void done(Turn turn) {
    remove(turn);
    progress();
  }

  /** It is given up. */
  @SuppressWarnings("ReferenceEquality") // The very one.
  void remove(Turn turn) {
    if (queue.peek() == turn) {
      begun = false;
    }
    queue.remove(turn);
    next();
  }

  /** The wire takes output again. */
  void progress() {
    long now = session.lane().time().millis();
    queue.forEach(turn -> turn.extend(now));
    next();
  }

  private void next() {
    Turn first = queue.peek();
    if (first != null && !begun && !session.closed() && session.writable()) {
      begun = true;
      first.begin();
    }
  }
}
