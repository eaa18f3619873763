package io.roomcast.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one member of one room saw, in order, at eight bytes a message. Not thread-safe.
 *
 * <p>A <em>stay</em> is the time from a confirmed join to the end of the connection. A join that
 * recovered what was missed continues the stay before it: to its member it is as if the connection
 * had never ended.
 */
final class Journal {
  /** One stay. */
  static final class Stay {
    /** When the member knew that it had joined. */
    final long joined;

    /** Index of its first entry. */
    final int from;

    /** When the connection ended for good; {@link Issued#NEVER} while it lasts. */
    long ended = Issued.NEVER;

    /** Index after its last entry. */
    int to;

    Stay(long joined, int from) {
      this.joined = joined;
      this.from = from;
    }
  }

  /** The server said that messages published in this time may be missing. */
  record Gap(long since, long until) {}

  private static final int SEQUENCE_BITS = 32;

  private final String name;
  private long[] entries = new long[16];
  private int count;
  private final List<Stay> stays = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();

  /** Entries before this belong to stays that are over. */
  private int settled;

  private long position = -1;
  private long misplaced;
  private long strayed;
  private long corrupt;

  /**
   * Has seen nothing yet.
   *
   * @param name of the member, for people
   */
  Journal(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /**
   * The join was confirmed.
   *
   * @param recovered whether the server said that this member has missed nothing
   */
  void joined(long now, boolean recovered) {
    if (recovered && !stays.isEmpty()) {
      stays.getLast().ended = Issued.NEVER;
    } else {
      stays.add(new Stay(now, settled));
      position = -1;
    }
  }

  /** The connection ended, or the server ended the membership. */
  void ended(long now) {
    if (!stays.isEmpty() && stays.getLast().ended == Issued.NEVER) {
      stays.getLast().ended = now;
      stays.getLast().to = count;
    }
    settled = count;
  }

  /** The server told of a gap. */
  void gap(long since, long until) {
    gaps.add(new Gap(since, until));
  }

  /** A message came whole, from this flow of the room. */
  void saw(int flow, int sequence) {
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, count + (count >> 1));
    }
    entries[count++] = (long) flow << SEQUENCE_BITS | (sequence & 0xffffffffL);
  }

  /**
   * The message that came last had this position in the room's log.
   *
   * @param where grows from message to message within one stay
   * @param agreed whether others were told the same
   */
  void at(long where, boolean agreed) {
    if (!agreed || where <= position) {
      misplaced++;
    }
    position = where;
  }

  /** A message came that was not sent to this room. */
  void stray() {
    strayed++;
  }

  /** A message came that is not what was sent. */
  void corrupt() {
    corrupt++;
  }

  /** Ends the last stay's entries here, for judging. */
  List<Stay> stays() {
    if (!stays.isEmpty() && stays.getLast().ended == Issued.NEVER) {
      stays.getLast().to = count;
    }
    return stays;
  }

  List<Gap> gaps() {
    return gaps;
  }

  int count() {
    return count;
  }

  int flow(int index) {
    return (int) (entries[index] >>> SEQUENCE_BITS);
  }

  int sequence(int index) {
    return (int) entries[index];
  }

  long misplaced() {
    return misplaced;
  }

  long strayed() {
    return strayed;
  }

  long corruptions() {
    return corrupt;
  }
}
