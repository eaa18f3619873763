package io.roomcast.room;

import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One join that begins in the past. What was missed is read from the log, and what the room says
 * meanwhile is kept beside it, so that both together have neither a hole nor an overlap. Belongs to
 * the lane's thread.
 */
final class CatchUp implements Turns.Turn {
  /** Messages that a join may begin with. */
  static final int MOST = 10_000;

  /** Before the log is asked again when it was not read; doubled each time. */
  private static final long RETRY_MILLIS = 500;

  private static final long NEVER = Long.MAX_VALUE;

  /** Bytes of them at most: a part of what may wait for one client. */
  private final int mostBytes;

  private final long waitMillis;
  private final Consumer<CatchUp> ask;
  private Join join;

  /** Delivered to the room since the log was asked; in no order of offsets across logs. */
  private final List<Publication> meanwhile = new ArrayList<>();

  private @Nullable LogPart part;
  private long bytes;
  private boolean tooMuch;

  private boolean begun;
  private int failures;
  private long retryAt = NEVER;

  /**
   * Waits for its turn.
   *
   * @param ask asks the log
   */
  CatchUp(Join join, Limits limits, Consumer<CatchUp> ask) {
    this.join = join;
    this.mostBytes = limits.pageBytes();
    this.waitMillis = limits.joinWait().toMillis();
    this.ask = ask;
  }

  Join join() {
    return join;
  }

  @Override
  public void begin() {
    begun = true;
    ask.accept(this);
  }

  @Override
  public void extend(long now) {
    join = join.until(now + waitMillis);
  }

  /** The log was not read. */
  void failed(long now) {
    retryAt = now + (RETRY_MILLIS << Math.min(failures++, 10));
  }

  /** Whether the log is to be asked again; it then is. */
  boolean due(long now) {
    boolean due = now >= retryAt;
    retryAt = due ? NEVER : retryAt;
    return due;
  }

  /** Whether the log's answer is of another log than that of this position; forgets it then. */
  boolean ofAnother(Position at) {
    boolean another = part != null && !part.top().sameLog(at);
    part = another ? null : part;
    return another;
  }

  /** What to ask the log for. */
  LogQuery query() {
    Position since = join.from().since();
    return since.known()
        ? LogQuery.after(since.offset(), MOST, mostBytes)
        : LogQuery.before(Long.MAX_VALUE, join.from().last(), mostBytes);
  }

  /** The room's members are being told of these, and this one is none yet. */
  void meanwhile(List<Publication> batch) {
    if (!begun) {
      return;
    }
    for (Publication publication : batch) {
      bytes += publication.json().length;
      tooMuch |= meanwhile.size() == MOST || bytes > mostBytes;
      if (publication.logged() && !tooMuch) {
        meanwhile.add(publication);
      }
    }
  }

  /** The log has answered. */
  void read(LogPart answer) {
    part = answer;
  }

  /**
   * What the new member begins with, when it can be said by now.
   *
   * @param at up to where the room's members have been told
   */
  @Nullable JoinStart start(Position at) {
    LogPart read = part;
    if (read == null) {
      return null;
    }
    if (!read.top().sameLog(at)) {
      // One of the two has not noticed yet that the log is another one.
      return null;
    }
    Position since = join.from().since();
    if (!since.known()) {
      return last(read, at);
    }
    if (!read.reachesBackTo(since) || tooMuch) {
      return JoinStart.at(at);
    }
    if (at.offset() < since.offset()) {
      // The client has seen more than this node has told anybody yet: that is still to come by.
      return null;
    }
    List<Publication> missed = together(read, since.offset(), at);
    boolean whole = since.offset() + missed.size() == at.offset();
    return whole ? new JoinStart(since, true, missed) : JoinStart.at(at);
  }

  private JoinStart last(LogPart read, Position at) {
    List<Publication> missed = together(read, 0, at);
    int from = Math.max(0, missed.size() - join.from().last());
    List<Publication> newest = missed.subList(from, missed.size());
    if (tooMuch || newest.isEmpty()) {
      return JoinStart.at(at);
    }
    long before = newest.getFirst().position().offset() - 1;
    return new JoinStart(new Position(at.epoch(), before), false, List.copyOf(newest));
  }

  /** Those after an offset and up to where the room is, as far as they follow one another. */
  private List<Publication> together(LogPart read, long after, Position at) {
    List<Publication> all = new ArrayList<>(read.publications());
    all.addAll(meanwhile);
    List<Publication> missed = new ArrayList<>();
    long next = after + 1;
    for (Publication publication : all) {
      Position position = publication.position();
      boolean first = missed.isEmpty() && after == 0;
      if (position.sameLog(at)
          && position.offset() <= at.offset()
          && (first || position.offset() == next)) {
        missed.add(publication);
        next = position.offset() + 1;
      }
    }
    return missed;
  }
}
