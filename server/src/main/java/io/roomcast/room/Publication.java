package io.roomcast.room;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One message as it travels, or another event that all members of a room are told in the same
 * order. Immutable: the bytes are shared with every receiver and never change. Thread-safe.
 */
public final class Publication implements RoomEvent {
  private final String room;
  private final byte[] json;
  private final String exclude;
  private final Position position;

  /** Made once at most, but for two threads that need it in the same moment. */
  private volatile byte @Nullable [] packed;

  /**
   * Makes one.
   *
   * @param room the room's name
   * @param json what a client receives, one JSON object in UTF-8
   * @param exclude the session that does not get it, by {@link Session#id()}; or empty
   * @param position its place in the room's log, or {@link Position#NONE}
   */
  public Publication(String room, byte[] json, String exclude, Position position) {
    this.room = room;
    this.json = json;
    this.exclude = exclude;
    this.position = position;
  }

  /** One that stands in no log, or not yet. */
  public Publication(String room, byte[] json, String exclude) {
    this(room, json, exclude, Position.NONE);
  }

  /** Says that messages between two times, in ms since the epoch, may be missing. */
  public static Publication gap(String room, long since, long until, String reason) {
    return new Publication(room, Event.gap(room, since, until, reason), "");
  }

  @Override
  public String room() {
    return room;
  }

  /** What a client receives, one JSON object in UTF-8. */
  public byte[] json() {
    return json;
  }

  /** The session that does not get it, by {@link Session#id()}; or empty. */
  public String exclude() {
    return exclude;
  }

  /** Its place in the room's log, or {@link Position#NONE}. */
  public Position position() {
    return position;
  }

  /** Whether it stands in the room's log. */
  public boolean logged() {
    return position.known();
  }

  /**
   * The JSON made smaller, for all who receive it so.
   *
   * @param packing how; there is one way on a node
   */
  public byte[] packed(UnaryOperator<byte[]> packing) {
    byte[] made = packed;
    if (made == null) {
      made = packing.apply(json);
      packed = made;
    }
    return made;
  }

  /** The same for those who keep it: without what {@link #packed} has made. */
  public Publication unpacked() {
    return new Publication(room, json, exclude, position);
  }

  /** Without the message itself. */
  @Override
  public String toString() {
    return "Publication[" + room + ", " + json.length + " bytes, " + position + "]";
  }
}
