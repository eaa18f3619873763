package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.roomcast.room.Encoding;
import io.roomcast.room.Publication;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Frames events as unmasked WebSocket text frames. Those of a tick stand one after another in one
 * direct buffer, so that each member costs one write, whatever their number.
 *
 * <p>With compression each message is compressed for itself, once for all members on all lanes:
 * that is possible since no context is kept from one message to the next.
 */
final class WebSocketEncoding implements Encoding {
  static final WebSocketEncoding INSTANCE = new WebSocketEncoding(0, false);

  /** The same with compression. */
  static final WebSocketEncoding DEFLATED = new WebSocketEncoding(2, true);

  private static final UnaryOperator<byte[]> PACKING = Deflation::pack;

  private final int slot;
  private final boolean deflate;

  private WebSocketEncoding(int slot, boolean deflate) {
    this.slot = slot;
    this.deflate = deflate;
  }

  /** A run of frames. Its buffer is only ever read, through duplicates. */
  record SharedFrame(ByteBuf bytes) implements Frame {
    @Override
    public void release() {
      bytes.release();
    }
  }

  @Override
  public int slot() {
    return slot;
  }

  @Override
  public boolean costly() {
    return deflate;
  }

  @Override
  public void prepare(Publication publication) {
    payload(publication);
  }

  @Override
  public SharedFrame encode(List<Publication> publications) {
    int size = 0;
    for (int i = 0; i < publications.size(); i++) {
      int length = payload(publications.get(i)).length;
      size += FrameWriter.headerSize(length) + length;
    }
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(size, size);
    for (int i = 0; i < publications.size(); i++) {
      Publication publication = publications.get(i);
      byte[] payload = payload(publication);
      // What would not become smaller stands there as it is.
      int bits = payload.length < publication.json().length ? FrameWriter.COMPRESSED : 0;
      FrameWriter.header(out, FrameWriter.TEXT | bits, payload.length);
      out.writeBytes(payload);
    }
    return new SharedFrame(out);
  }

  private byte[] payload(Publication publication) {
    return deflate ? publication.packed(PACKING) : publication.json();
  }

  /** A frame for one client alone. */
  ByteBuf frame(byte[] json, ByteBufAllocator allocator) {
    int size = FrameWriter.headerSize(json.length) + json.length;
    ByteBuf out = allocator.directBuffer(size, size);
    if (deflate) {
      // Never larger than it was.
      Deflation.write(json, out);
    } else {
      FrameWriter.text(out, json);
    }
    return out;
  }
}
