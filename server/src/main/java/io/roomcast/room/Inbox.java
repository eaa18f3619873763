package io.roomcast.room;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What one lane has been given and has not yet written to all members, bounded in number and bytes.
 * Any thread may {@link #offer}; the rest belongs to the lane's thread.
 */
final class Inbox {
  /** Events that may wait to be taken, and as many again to be written. */
  static final int QUEUE = 16 * 1024;

  /**
   * Bytes of publications that may wait to be taken and written. Each of a machine's lanes may have
   * so much: in a small heap it is less, since what waits must not be what it dies of.
   */
  static final long QUEUE_BYTES = Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

  private final MpscArrayQueue<RoomEvent> queue = new MpscArrayQueue<>(QUEUE);

  /** Bytes of the publications in the queue, and of those taken and not yet written to all. */
  private final AtomicLong bytes = new AtomicLong();

  /** Publications taken from the queue and not yet written to all. */
  private int backlog;

  /** Written by the lane's thread alone. */
  private volatile long evenWall;

  /** Takes an event, when it finds room. */
  boolean offer(RoomEvent event) {
    int size = size(event);
    if (bytes.addAndGet(size) <= QUEUE_BYTES && queue.relaxedOffer(event)) {
      return true;
    }
    bytes.addAndGet(-size);
    return false;
  }

  private static int size(RoomEvent event) {
    return event instanceof Publication publication ? publication.json().length : 0;
  }

  /** The next event; none while so much waits to be written that the bounds would not hold. */
  @Nullable RoomEvent poll() {
    return backlog < QUEUE ? queue.poll() : null;
  }

  /** Bytes of publications that wait. From any thread. */
  long bytes() {
    return bytes.get();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** A publication that did not come by the queue is to wait like those that do. */
  void count(Publication publication) {
    bytes.addAndGet(size(publication));
  }

  /** A publication that was counted will not be written. */
  void forget(Publication publication) {
    bytes.addAndGet(-size(publication));
  }

  /** One that was counted waits to be written now. */
  void pending() {
    backlog++;
  }

  /** These have been written to all members. */
  void written(List<Publication> publications) {
    long size = 0;
    for (Publication publication : publications) {
      size += size(publication);
    }
    backlog -= publications.size();
    bytes.addAndGet(-size);
  }

  /** Remembers the present wall time if everything that came has been written to all. */
  void look(long wallMillis) {
    if (backlog == 0 && isEmpty()) {
      evenWall = wallMillis;
    }
  }

  /**
   * The last wall time, to about a second while there is time to look, before which nothing is
   * missing. From any thread.
   */
  long evenWall() {
    return evenWall;
  }
}
