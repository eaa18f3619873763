package io.roomcast.room;

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
public interface Broker extends AutoCloseable {

  /** Begins. Called once, before any other method. */
  void start(Events events);

  /**
   * States that this node wants a room's publications from now on. Calls for one room never
   * overlap.
   *
   * <p>Answered by {@link RoomEvent.Subscribed} with the same ticket once it is certain that every
   * later publication arrives; again after each interruption that the broker has recovered from,
   * preceded by a gap event where something may have been missed. While the broker cannot reach
   * others no answer comes, and the wish stays.
   *
   * @param ticket tells this wish from earlier and later ones for the same room
   */
  void subscribe(String room, long ticket);

  /** States that this node wants the room no longer. Without effect when it did not. */
  void unsubscribe(String room);

  /**
   * Hands a publication over. It reaches every node that wants the room, this one included.
   *
   * <p>{@code outcome} is called exactly once, on any thread: with {@link PublishOutcome#SENT} when
   * the broker has it, otherwise without delay with what stood in the way. A publication that was
   * refused is never kept to be delivered later; where the answer was lost with the connection, it
   * may have been delivered all the same.
   */
  void publish(Publication publication, PublishCallback outcome);

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
    /** Called once, on any thread. Must not block. */
    void done(PublishOutcome outcome);
  }

  /** How a publish ended. */
  enum PublishOutcome {
    /** The broker has it. */
    SENT,
    /** The broker cannot be reached, or did not answer in time. */
    UNAVAILABLE,
    /** Too much is waiting for the broker already. */
    OVERLOADED
  }

  /**
   * A broker's state, for readiness, metrics and people.
   *
   * @param name what it is, such as {@code "memory"} or {@code "redis"}
   * @param ready whether a message published now would be expected to arrive
   * @param detail in words, for people; no addresses with passwords
   */
  record Health(String name, boolean ready, String detail) {}
}
