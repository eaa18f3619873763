package io.roomcast.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has Lettuce's connections live on an event loop of somebody else's, who also ends it. */
final class LentLoop implements EventLoopGroupProvider {
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

  /** Has Lettuce make such connections, in this whole process, if it has not made any yet. */
  static void prefer(String transport) {
    for (String one : List.of("epoll", "iouring")) {
      String property = "io.lettuce.core." + one;
      if (System.getProperty(property) == null) {
        System.setProperty(property, String.valueOf(transport.replace("_", "").equals(one)));
      }
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
