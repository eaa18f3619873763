package io.roomcast.room;

import java.util.List;

/**
 * How one kind of wire frames events. One instance for each kind, shared by all its transports.
 *
 * <p>{@link #encode} is called on a lane's own thread, at most once for each {@link Outgoing}.
 */
public interface Encoding {

  /** This encoding's own number, 0 up to {@link Outgoing#ENCODINGS} − 1. */
  int slot();

  /** What carries it, for people and for the server API: {@code websocket} or {@code sse}. */
  default String wire() {
    return "websocket";
  }

  /**
   * Whether a frame costs so much to make that what frames of one publication have in common is to
   * be made once for all lanes, by {@link #prepare}.
   */
  default boolean costly() {
    return false;
  }

  /** Makes what the frames of all lanes have in common, before they need it. On any thread. */
  default void prepare(Publication publication) {}

  /** Joins publications into one frame, or one run of frames, in their order. */
  Frame encode(List<Publication> publications);

  /** Bytes ready for a wire, shared by all receivers on one lane. */
  interface Frame {
    /** Gives up the lane's own claim; transports that still write hold theirs. */
    void release();
  }
}
