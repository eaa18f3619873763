package io.roomcast.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.roomcast.protocol.Position;
import io.roomcast.room.Encoding;
import io.roomcast.room.Publication;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Server-Sent Events: each publication an event of the default type, its JSON the data. */
final class EventEncoding implements Encoding {
  static final EventEncoding INSTANCE = new EventEncoding();

  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

  private EventEncoding() {}

  /** A batch's bytes. */
  record Events(ByteBuf bytes) implements Frame {
    @Override
    public void release() {
      bytes.release();
    }
  }

  /** 0 is the WebSocket's. */
  @Override
  public int slot() {
    return 1;
  }

  @Override
  public String wire() {
    return "sse";
  }

  @Override
  public Events encode(List<Publication> publications) {
    int size = 0;
    for (Publication publication : publications) {
      size += size(publication.json()) + idSize(publication.position());
    }
    ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(size);
    for (Publication publication : publications) {
      write(publication, out);
    }
    return new Events(out);
  }

  /** Writes an event with its position, by which a client can come back to it. */
  static void write(Publication publication, ByteBuf out) {
    id(publication.position(), out);
    write(publication.json(), out);
  }

  /** Tells the client a position; nothing where there is none. */
  static void id(Position position, ByteBuf out) {
    if (position.known()) {
      out.writeBytes(ID);
      out.writeCharSequence(position.text(), StandardCharsets.UTF_8);
      out.writeByte('\n');
    }
  }

  /** How many bytes that takes at most. */
  static int idSize(Position position) {
    int digits = 20;
    return position.known() ? ID.length + 3 * position.epoch().length() + digits + 2 : 0;
  }

  /** How many bytes an event takes, when its JSON is all in one line. */
  static int size(byte[] json) {
    return DATA.length + json.length + 2;
  }

  /**
   * Writes one event. The format ends a line at CR, LF or both: JSON that has such whitespace takes
   * several lines, which the client joins again.
   */
  static void write(byte[] json, ByteBuf out) {
    int from = 0;
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        line(json, from, i, out);
        from = i + 1;
      }
    }
    line(json, from, json.length, out);
    out.writeByte('\n');
  }

  private static void line(byte[] json, int from, int to, ByteBuf out) {
    out.writeBytes(DATA).writeBytes(json, from, to - from).writeByte('\n');
  }
}
