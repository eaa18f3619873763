package io.roomcast.room;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one lane sends to a room's members in one go: one publication, or those of a tick joined.
 * Encoded at most once for each encoding, and shared by all who receive it.
 *
 * <p>Belongs to the lane's thread.
 */
public final class Outgoing {
  /** How many encodings there can be. */
  public static final int ENCODINGS = 4;

  private final List<Publication> publications;
  private final boolean excludes;
  private final Encoding.@Nullable Frame[] frames = new Encoding.Frame[ENCODINGS];

  Outgoing(List<Publication> publications) {
    this.publications = publications;
    boolean any = false;
    for (Publication publication : publications) {
      any |= !publication.exclude().isEmpty();
    }
    this.excludes = any;
  }

  /** The publications, in order. */
  public List<Publication> publications() {
    return publications;
  }

  /** The bytes in this encoding; they stay valid until the current call of the transport ends. */
  public Encoding.Frame frame(Encoding encoding) {
    Encoding.Frame frame = frames[encoding.slot()];
    if (frame == null) {
      frame = encoding.encode(publications);
      frames[encoding.slot()] = frame;
    }
    return frame;
  }

  /** Whether some of it is not for this session. */
  boolean excludes(Session session) {
    if (!excludes) {
      return false;
    }
    for (Publication publication : publications) {
      if (session.named(publication.exclude())) {
        return true;
      }
    }
    return false;
  }

  /** The part that is for this session; empty when none is. */
  List<Publication> without(Session session) {
    return publications.stream().filter(p -> !session.named(p.exclude())).toList();
  }

  void release() {
    for (Encoding.Frame frame : frames) {
      if (frame != null) {
        frame.release();
      }
    }
  }
}
