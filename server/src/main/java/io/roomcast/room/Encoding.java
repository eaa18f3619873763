package io.roomcast.room;

import java.util.List;

/**
 * How one kind of wire frames events. One instance for each kind, shared by all its transports.
 *
 * <p>Called on a lane's own thread, at most once for each {@link Outgoing}.
 */
public interface Encoding {

  /** This encoding's own number, 0 up to {@link Outgoing#ENCODINGS} − 1. */
  int slot();

  /** What carries it, for people and for the server API: {@code websocket} or {@code sse}. */
  default String wire() {
    return "websocket";
  }

  /** Joins publications into one frame, or one run of frames, in their order. */
  Frame encode(List<Publication> publications);

  /** Bytes ready for a wire, shared by all receivers on one lane. */
  interface Frame {
    /** Gives up the lane's own claim; transports that still write hold theirs. */
    void release();
  }
}
