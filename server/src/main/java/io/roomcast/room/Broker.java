package io.roomcast.room;

import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Position;
import java.util.function.Predicate;

/**
 * Carries publications between nodes.
 *
 * <p>Threads: every method may be called from any thread and returns at once; none blocks. {@link
 * Events} are called from the broker's own threads, or from within {@link #publish}.
 *
 * <p>Order: the publications of one room reach {@link Events#onEvent} in one order, the same on
 * every node, one at a time.
 */
public interface Broker extends LogReader, AutoCloseable {

  /** Begins. Called once, before any other method. */
  void start(Events events);

  /**
   * States that this node wants a room's publications from now on. Calls for one room never
   * overlap.
   *
   * <p>Answered by {@link RoomEvent.Subscribed} with the same ticket once it is certain that every
   * later publication arrives; again after each interruption that the broker has recovered from,
   * preceded by a gap event where something may have been missed and the room keeps no log to get
   * it from. While the broker cannot reach others no answer comes, and the wish stays.
   *
   * @param ticket tells this wish from earlier and later ones for the same room
   */
  void subscribe(String room, long ticket);

  /** States that this node wants the room no longer. Without effect when it did not. */
  void unsubscribe(String room);

  /**
   * Hands a publication over. It reaches every node that wants the room, this one included.
   *
   * <p>In a room with a log ({@link Rules#log}) the message gets the next offset, in one step with
   * being kept and sent: the receivers get it with its {@link Publication#position}, which its JSON
   * also shows as the last field, {@code "offset"}. A publication whose key was used in the room
   * less than {@link Rules#keyFor} ago is not sent again: it is {@link PublishOutcome#SENT}, with
   * the position of the first.
   *
   * <p>{@code outcome} is called exactly once, on any thread: with {@link PublishOutcome#SENT} when
   * the broker has it, otherwise without delay with what stood in the way. A publication that was
   * refused is never kept to be delivered later; where no answer came, the outcome is {@link
   * PublishOutcome#UNCONFIRMED}.
   *
   * @param publication without a position
   * @param key names this publish in its room, or empty
   */
  void publish(Publication publication, String key, PublishCallback outcome);

  /** How it is doing, at this moment. */
  Health health();

  /** Ends. No event follows. */
  @Override
  void close();

  /** The receiving side, implemented by {@link Node}. */
  interface Events {
    /** Takes what happened in a room. Returns at once and never throws. */
    void onEvent(RoomEvent event);

    /**
     * Delivery has stopped for some rooms, until each is answered by {@link RoomEvent.Subscribed}
     * again.
     *
     * @param stopped says of any room whether it is one of them; used only during the call
     */
    void onInterrupted(Predicate<String> stopped);

    /** Counts what came in and could not be passed on. */
    void onDropped(DropReason reason);
  }

  /** Hears how a publish ended. */
  @FunctionalInterface
  interface PublishCallback {
    /**
     * Called once, on any thread. Must not block.
     *
     * @param position where it stands in the room's log; {@link Position#NONE} without a log, and
     *     when it was not sent
     */
    void done(PublishOutcome outcome, Position position);
  }

  /** How a publish ended. */
  enum PublishOutcome {
    /** The broker has it. */
    SENT(ErrorCode.INTERNAL, "sent"),
    /** The broker cannot be reached; this node's members got it, as the room's rules say. */
    LOCAL(ErrorCode.INTERNAL, "sent to the members of this node only"),
    /** The broker cannot be reached, or would not take it: it was not sent. */
    UNAVAILABLE(
        ErrorCode.UNAVAILABLE, "the message was not sent: the broker cannot be reached; try again"),
    /** The broker was given it and did not answer: it may have been delivered, or not. */
    UNCONFIRMED(
        ErrorCode.UNAVAILABLE, "no answer from the broker: the message may have been sent, or not"),
    /** Too much is waiting for the broker already. */
    OVERLOADED(ErrorCode.OVERLOADED, "the message was not sent: too many are waiting; send slower");

    private final ErrorCode error;
    private final String text;

    PublishOutcome(ErrorCode error, String text) {
      this.error = error;
      this.text = text;
    }

    /** Whether members got it: all of them, or those of this node. */
    public boolean delivered() {
      return this == SENT || this == LOCAL;
    }

    /** Whether only members of this node did. */
    public boolean local() {
      return this == LOCAL;
    }

    /** What tells a client of it, unless it was {@link #delivered}. */
    public ErrorCode error() {
      return error;
    }

    /** The same in words. */
    public String text() {
      return text;
    }
  }

  /**
   * A broker's state, for readiness, metrics and people.
   *
   * @param name what it is, such as {@code "memory"} or {@code "redis"}
   * @param ready whether a message published now would be expected to arrive
   * @param detail in words, for people; no addresses with passwords
   * @param lagMillis how long the last message to itself took, ms; negative when that is not known
   * @param lost how many messages to itself did not come back, so far
   */
  record Health(String name, boolean ready, String detail, long lagMillis, long lost) {
    /** One that sends itself no messages. */
    public Health(String name, boolean ready, String detail) {
      this(name, ready, detail, -1, 0);
    }
  }
}
