package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoOps;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Sends one buffer to many sockets by io_uring, past Netty's own way out: for each socket there is
 * one operation in the loop's ring and one entry here, and nothing in between. Netty would look up
 * and change half a dozen objects of each connection, three times over, and a thousand connections'
 * objects do not fit in a processor's caches beside the kernel's own.
 *
 * <p>An operation never waits: the kernel takes what the socket has room for while it is handed
 * over, and what is left goes Netty's way. Until its answer is there, which is when the loop has
 * looked at its ring the next time, nothing else is written to that socket; see {@link #hold}. The
 * ring is the one by which Netty closes the socket, so that a send is never for the number's next
 * owner.
 *
 * <p>Belongs to the loop's thread. {@code -Dio.roomcast.ringSender=false} leaves everything to
 * Netty.
 */
@SuppressWarnings(
    "ReferenceEquality") // Frames are the same or they are not; what they say is of no matter.
final class RingSender implements IoUringIoHandle {
  /** Operations without an answer; the lane's turns are far smaller. Their index is a short. */
  private static final int ENTRIES = 8192;

  private static final int MASK = ENTRIES - 1;

  // Linux' io_uring.h and socket.h, the same on all processors that Netty has a transport for.
  private static final byte OP_SEND = 26;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private final @Nullable Outbox[] to = new Outbox[ENTRIES];
  private final @Nullable ByteBuf[] frames = new ByteBuf[ENTRIES];

  /** Operations handed over so far, and those of them whose answer, and all before it, is there. */
  private long tail;

  private long head;

  private final ArrayDeque<Held> held = new ArrayDeque<>();

  // Set before anything is sent.
  @SuppressWarnings("NullAway.Init")
  private IoRegistration registration;

  private record Held(Outbox outbox, int size, Runnable action) {}

  private RingSender() {}

  /** The sender of this loop; null when it has no ring, or is not to use it so. */
  static @Nullable RingSender of(EventLoop loop) {
    if (!(loop instanceof IoEventLoop ring)
        || !ring.isIoType(IoUringIoHandler.class)
        || !Boolean.parseBoolean(System.getProperty("io.roomcast.ringSender", "true"))) {
      return null;
    }
    RingSender sender = new RingSender();
    sender.registration = ring.register(sender).syncUninterruptibly().getNow();
    return sender;
  }

  /**
   * Hands a frame over, which stays the caller's, and must not change as long as anybody has it.
   *
   * @param fd an open socket whose former operations have their answers, and for which Netty has
   *     nothing
   * @return the operation's number, for {@link #answered}; negative when there is no room for it
   */
  long send(Outbox outbox, int fd, ByteBuf frame) {
    if (tail - head == ENTRIES || !frame.hasMemoryAddress()) {
      return -1;
    }
    int index = (int) tail & MASK;
    long submitted =
        registration.submit(
            new IoUringIoOps(
                OP_SEND,
                (byte) 0,
                (short) 0,
                fd,
                0,
                frame.memoryAddress() + frame.readerIndex(),
                frame.readableBytes(),
                MSG_DONTWAIT | MSG_NOSIGNAL,
                (long) index,
                (short) 0,
                (short) 0,
                0,
                0));
    if (submitted == 0) {
      return -1;
    }
    // One claim for a run of operations with the same frame.
    if (head == tail || frames[index - 1 & MASK] != frame) {
      frame.retain();
    }
    to[index] = outbox;
    frames[index] = frame;
    return tail++;
  }

  /** Whether an operation has had its answer. */
  boolean answered(long number) {
    return number < head;
  }

  /** Does something with a socket in its order, when it has had all its answers. */
  void hold(Outbox outbox, int size, Runnable action) {
    held.add(new Held(outbox, size, action));
  }

  @Override
  public void handle(IoRegistration from, IoEvent ioEvent) {
    IoUringIoEvent event = (IoUringIoEvent) ioEvent;
    int index = (int) event.userData();
    Outbox outbox = to[index];
    ByteBuf frame = frames[index];
    if (outbox == null || frame == null) {
      return;
    }
    to[index] = null;
    try {
      if (event.res() != frame.readableBytes()) {
        // Also when the socket has failed: Netty learns it in its own way.
        outbox.unsent(frame, Math.max(0, event.res()));
      }
    } finally {
      advance();
    }
  }

  private void advance() {
    while (head != tail && to[(int) head & MASK] == null) {
      int index = (int) head & MASK;
      ByteBuf frame = frames[index];
      frames[index] = null;
      head++;
      if (frame != null && (head == tail || frames[(int) head & MASK] != frame)) {
        frame.release();
      }
    }
    Held next;
    while ((next = held.peek()) != null && next.outbox.answered()) {
      held.poll();
      next.outbox.resume(next.size, next.action);
    }
  }

  @Override
  public void close() {
    registration.cancel();
  }
}
