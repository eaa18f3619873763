package io.roomcast.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has Lettuce's connections live on an event loop of somebody else's, who also ends it. */
final class LentLoop implements EventLoopGroupProvider {
  private static final String EPOLL = "io.lettuce.core.epoll";

  private final EventLoopGroup loop;

  /**
   * Of one loop.
   *
   * @param loop for whose kind {@link #fits} holds
   */
  LentLoop(ScheduledExecutorService loop) {
    this.loop = (EventLoopGroup) loop;
  }

  /** Whether Lettuce's connections are of the class that the loop's own are of. */
  static boolean fits(Class<?> socketChannel) {
    return Transports.socketChannelClass() == socketChannel;
  }

  /**
   * Has Lettuce take io_uring, in this whole process, where it would take epoll; if it has not
   * taken anything yet, and nobody has said what.
   */
  static void preferIoUring() {
    if (System.getProperty(EPOLL) == null) {
      System.setProperty(EPOLL, "false");
    }
  }

  /** That one, whatever class Lettuce would make: for connections only the transport matters. */
  @Override
  @SuppressWarnings("unchecked")
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) loop;
  }

  @Override
  public int threadPoolSize() {
    return 1;
  }

  @Override
  public Future<Boolean> release(
      EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
  }

  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
  }
}
