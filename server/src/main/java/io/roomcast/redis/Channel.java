package io.roomcast.redis;

import io.roomcast.protocol.Event;
import org.jspecify.annotations.Nullable;

/**
 * One room's channel: what is wanted of it, and what Redis has confirmed. Lives while it is wanted
 * or Redis may still have it.
 *
 * <p>Fields without a word of their own belong to {@link Subscriptions}, and are touched under its
 * monitor.
 */
final class Channel {
  /** What Redis has confirmed, or was asked for. */
  enum State {
    NONE,
    SUBSCRIBING,
    SUBSCRIBED,
    UNSUBSCRIBING
  }

  final Name name;
  final String room;

  State state = State.NONE;

  /** The connection that {@link #state} is about; on any other, it is NONE. */
  @Nullable Epoch epoch;

  /** The connection on which it waits to be looked at. */
  @Nullable Epoch queued;

  boolean wanted;
  long ticket;

  /** Since when messages may be missing; 0 when none are. */
  long gapSince;

  /** Whether the present wish has been answered on this connection. */
  boolean answered;

  /** Whether messages are passed on: from the first answer on. Read by the I/O thread. */
  volatile boolean open;

  /** Made when the first message comes. Belongs to the I/O thread. */
  private byte @Nullable [] prefix;

  Channel(Name name, String room) {
    this.name = name;
    this.room = room;
  }

  /** Whether an event is a message of this room. */
  boolean owns(byte[] json) {
    byte[] begins = prefix;
    if (begins == null) {
      begins = Event.messagePrefix(room);
      prefix = begins;
    }
    return Event.isMessage(json, begins);
  }

  /** The event of somebody else's message: {@code value} is one JSON value. */
  byte[] message(byte[] value) {
    return Event.message(room, value, "");
  }
}
