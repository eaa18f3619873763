package io.roomcast.websocket;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Knows which of its buffers were not given back. For one thread. */
final class CountingAllocator extends AbstractByteBufAllocator {
  /** Without Netty's own search for leaks, which is slow: this is one. */
  private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

  private final List<ByteBuf> made = new ArrayList<>();

  private ByteBuf noted(ByteBuf buffer) {
    made.add(buffer);
    return buffer;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return noted(HEAP.heapBuffer(initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return noted(HEAP.heapBuffer(initialCapacity, maxCapacity));
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  /** Buffers that are in use. */
  int open() {
    made.removeIf(buffer -> buffer.refCnt() == 0);
    return made.size();
  }

  /** Bytes that are in use. */
  int bytes() {
    return made.stream().filter(b -> b.refCnt() > 0).mapToInt(ByteBuf::readableBytes).sum();
  }
}
