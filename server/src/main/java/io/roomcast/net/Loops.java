package io.roomcast.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A server's event loops. They outlive everything that runs on them: close them last. */
public final class Loops implements AutoCloseable {
  private static final int MOST = 64;

  private final NativeTransport transport;
  private final EventLoopGroup group;

  private Loops(NativeTransport transport, EventLoopGroup group) {
    this.transport = transport;
    this.group = group;
  }

  /**
   * Opens them.
   *
   * @param count how many, at most {@value #MOST}; 0 for one for each processor
   */
  public static Loops open(NativeTransport transport, int count) {
    int wanted = count == 0 ? Runtime.getRuntime().availableProcessors() : count;
    return new Loops(
        transport,
        new MultiThreadIoEventLoopGroup(
            Math.min(wanted, MOST), new DefaultThreadFactory("roomcast"), transport.handlers()));
  }

  public NativeTransport transport() {
    return transport;
  }

  /** The first of them, for other connections of the server's that are to live on it. */
  public ScheduledExecutorService first() {
    return all().getFirst();
  }

  List<EventLoop> all() {
    List<EventLoop> all = new ArrayList<>();
    for (EventExecutor loop : group) {
      all.add((EventLoop) loop);
    }
    return all;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
