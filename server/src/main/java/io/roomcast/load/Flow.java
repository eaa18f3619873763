package io.roomcast.load;

/** One publisher's messages to one room, numbered from 0. */
final class Flow {
  private final Room room;
  private final byte[] message;
  private final int payloadAt;
  private final int[] awaited;
  private int sent;

  /**
   * Numbers the messages.
   *
   * @param message a publish with the payload somewhere in it, restamped for every message
   * @param inflight how many may be under way at a time when they are waited for
   */
  Flow(Room room, byte[] message, int inflight) {
    this.room = room;
    this.message = message;
    this.payloadAt = Payload.find(message);
    this.awaited = new int[Integer.highestOneBit(inflight * 2 - 1)];
  }

  /** Sends the next message with the given time in it. */
  void publish(Link link, long nanos) {
    Payload.stamp(message, payloadAt, sent, nanos);
    awaited[sent & (awaited.length - 1)] = room.members;
    sent++;
    link.send(message);
  }

  /** Counts one member's receipt; true when it was the last one. */
  boolean received(int sequence) {
    return --awaited[sequence & (awaited.length - 1)] == 0;
  }

  int sent() {
    return sent;
  }
}
