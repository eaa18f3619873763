package io.roomcast.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.roomcast.room.Limits;
import io.roomcast.room.Wheel;

/**
 * The rule for a slow reader: at most so many bytes may wait for it, and none for too long.
 *
 * <p>A socket that takes everything at once costs nothing here. The age of what waits is told by a
 * marker, an empty write behind all that waits when it is placed.
 *
 * <pre>
 *   CLEAR --a flush leaves bytes--> NOTICED --a second later still--> MARKED --too long--> too slow
 *     ^----------- none a second later -'                               |
 *     '----------- the marker went out, nothing behind it --------------'
 * </pre>
 */
final class Backlog implements Wheel.Entry {
  private enum State {
    CLEAR,
    NOTICED,
    MARKED,
    OVER
  }

  private final Channel channel;
  private final Wheel wheel;
  private final int bytes;
  private final int seconds;
  private final Runnable tooSlow;
  private State state = State.CLEAR;
  private int place = -1;

  /**
   * Watches a channel, on its loop.
   *
   * @param tooSlow told once, when the reader is to be given up
   */
  Backlog(Channel channel, Wheel wheel, Limits limits, Runnable tooSlow) {
    this.channel = channel;
    this.wheel = wheel;
    this.bytes = limits.unreadBytes();
    this.seconds = Math.clamp(limits.unreadFor().toSeconds(), 1, Wheel.MAX_SECONDS);
    this.tooSlow = tooSlow;
  }

  /** Looks at what a flush has left. */
  void check() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    if (unsent == null || unsent.isEmpty() || state == State.OVER) {
      return;
    }
    if (unsent.totalPendingWriteBytes() > bytes) {
      giveUp();
    } else if (state == State.CLEAR) {
      state = State.NOTICED;
      wheel.set(this, 1);
    }
  }

  /** Looks no more. */
  void stop() {
    state = State.OVER;
    wheel.clear(this);
  }

  @Override
  public void onDeadline() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    if (unsent == null || unsent.isEmpty()) {
      state = State.CLEAR;
    } else if (state == State.NOTICED) {
      state = State.MARKED;
      wheel.set(this, seconds);
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> marked());
    } else {
      giveUp();
    }
  }

  private void marked() {
    if (state == State.MARKED) {
      state = State.CLEAR;
      wheel.clear(this);
      check();
    }
  }

  private void giveUp() {
    stop();
    tooSlow.run();
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int value) {
    place = value;
  }
}
