package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.roomcast.room.Encoding;
import io.roomcast.room.Publication;
import java.util.List;

/**
 * Frames events as unmasked WebSocket text frames. Those of a tick stand one after another in one
 * direct buffer, so that each member costs one write, whatever their number.
 */
final class WebSocketEncoding implements Encoding {
  static final WebSocketEncoding INSTANCE = new WebSocketEncoding();

  private WebSocketEncoding() {}

  /** A run of frames. Its buffer is only ever read, through duplicates. */
  record SharedFrame(ByteBuf bytes) implements Frame {
    @Override
    public void release() {
      bytes.release();
    }
  }

  @Override
  public int slot() {
    return 0;
  }

  @Override
  public SharedFrame encode(List<Publication> publications) {
    int size = 0;
    for (int i = 0; i < publications.size(); i++) {
      int length = publications.get(i).json().length;
      size += FrameWriter.headerSize(length) + length;
    }
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(size, size);
    for (int i = 0; i < publications.size(); i++) {
      FrameWriter.text(out, publications.get(i).json());
    }
    return new SharedFrame(out);
  }
}
