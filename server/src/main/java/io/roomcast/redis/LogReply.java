package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.room.LogPart;
import io.roomcast.room.Publication;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Understands what the scripts answer. Nothing here trusts what it reads, and nothing throws. */
final class LogReply {
  private static final int HEAD = 3;

  private LogReply() {}

  /** What publish.lua answers; {@link Position#NONE} for anything else. */
  static Position position(byte @Nullable [] answer) {
    String text = answer == null ? "" : new String(answer, UTF_8);
    return Position.parse(text);
  }

  /**
   * What read.lua answers.
   *
   * @param limit bytes of a value
   * @return null when it is none
   */
  static @Nullable LogPart part(
      @Nullable List<byte[]> answer, String room, int limit, boolean newest) {
    if (answer == null || answer.size() < HEAD || answer.contains(null)) {
      return null;
    }
    long top = number(answer.get(1));
    long oldest = number(answer.get(2));
    String epoch = new String(answer.get(0), UTF_8);
    if (top < 0 || oldest < 0) {
      return null;
    }
    if (epoch.isEmpty()) {
      return LogPart.NONE;
    }
    List<byte[]> messages = new ArrayList<>(answer.subList(HEAD, answer.size()));
    if (newest) {
      Collections.reverse(messages);
    }
    byte[] begins = Event.messagePrefix(room);
    List<Publication> publications = new ArrayList<>();
    boolean torn = false;
    for (byte[] message : messages) {
      Publication next = publication(room, message, begins, limit);
      if (next == null || !follows(publications, next)) {
        // Who has written into our log? What stands before it is as good as lost.
        publications.clear();
        torn = true;
      }
      if (next != null) {
        publications.add(next);
      }
    }
    if (torn) {
      oldest = publications.isEmpty() ? top + 1 : offset(publications.getFirst());
    }
    return new LogPart(new Position(epoch, top), oldest, List.copyOf(publications));
  }

  private static boolean follows(List<Publication> before, Publication next) {
    return before.isEmpty() || offset(before.getLast()) + 1 == offset(next);
  }

  private static long offset(Publication publication) {
    return publication.position().offset();
  }

  private static @Nullable Publication publication(
      String room, byte[] message, byte[] begins, int limit) {
    return Envelope.read(ByteBuffer.wrap(message), limit) instanceof Envelope.Own own
            && own.position().known()
            && Event.isMessage(own.json(), begins)
        ? new Publication(room, own.json(), own.exclude(), own.position())
        : null;
  }

  private static long number(byte[] digits) {
    try {
      return Long.parseLong(new String(digits, UTF_8));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
