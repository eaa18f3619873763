package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.roomcast.room.Encoding;
import io.roomcast.room.Publication;
import java.util.List;

/**
 * Frames events as unmasked WebSocket text frames. Those of a tick stand one after another in one
 * direct buffer, so that each member costs one write, whatever their number.
 *
 * <p>With compression each message is compressed for itself, once for all members on a lane: that
 * is possible since no context is kept from one message to the next.
 */
final class WebSocketEncoding implements Encoding {
  static final WebSocketEncoding INSTANCE = new WebSocketEncoding(0, false);

  /** The same with compression. */
  static final WebSocketEncoding DEFLATED = new WebSocketEncoding(2, true);

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
  public SharedFrame encode(List<Publication> publications) {
    int size = 0;
    for (int i = 0; i < publications.size(); i++) {
      int length = publications.get(i).json().length;
      size += FrameWriter.headerSize(length) + length;
    }
    // A frame that would become larger by it is not compressed.
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(size, size);
    for (int i = 0; i < publications.size(); i++) {
      write(publications.get(i).json(), out);
    }
    return new SharedFrame(out);
  }

  /** A frame for one client alone. */
  ByteBuf frame(byte[] json, ByteBufAllocator allocator) {
    int size = FrameWriter.headerSize(json.length) + json.length;
    ByteBuf out = allocator.directBuffer(size, size);
    write(json, out);
    return out;
  }

  private void write(byte[] json, ByteBuf out) {
    if (!deflate || !Deflation.ofThisThread().write(json, out)) {
      FrameWriter.text(out, json);
    }
  }
}
