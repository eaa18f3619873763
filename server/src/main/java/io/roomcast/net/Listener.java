package io.roomcast.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.roomcast.room.Lane;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Node;
import io.roomcast.websocket.WebSocketLane;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports, and a lane on each event loop. Where the transport lets listeners share a port there
 * is one for each loop, so that a connection is accepted, lives and dies on one thread.
 */
public final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int BACKLOG = 4096;

  /** Above the high mark a client counts as behind, until it is below the low one. */
  private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final Loops loops;
  private final List<Door> doors;

  /** An entrance, and what listens there. */
  private record Door(Entrance entrance, List<Channel> channels) {
    /**
     * Where to listen: as the first of the channels does, whose port the system may have chosen.
     */
    InetSocketAddress address() {
      return channels.isEmpty()
          ? entrance.address()
          : (InetSocketAddress) channels.getFirst().localAddress();
    }
  }

  private final List<LoopLag> lags = new CopyOnWriteArrayList<>();
  private final ChannelGroup clients = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);

  private Listener(List<Entrance> entrances, Loops loops) {
    this.doors = entrances.stream().map(one -> new Door(one, new ArrayList<>())).toList();
    this.loops = loops;
  }

  /**
   * Opens the ports.
   *
   * @param entrances at least one
   * @param loops which it does not close
   * @param compression whether WebSockets that ask for permessage-deflate get it
   * @throws IOException when an address cannot be had; says which and why
   */
  public static Listener open(List<Entrance> entrances, Loops loops, Node node, boolean compression)
      throws IOException {
    Listener listener = new Listener(entrances, loops);
    try {
      listener.bind(node, compression);
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  private void bind(Node node, boolean compression) throws IOException {
    for (Door door : doors) {
      checkFree(door.address());
    }
    for (EventLoop loop : loops.all()) {
      Lane lane = node.addLane(loop, task -> afterSockets(loop, task), loop::inEventLoop);
      LoopLag lag = new LoopLag();
      lags.add(lag);
      Future<?> ticking = loop.scheduleAtFixedRate(() -> tick(lane, lag), 1, 1, TimeUnit.SECONDS);
      assert !ticking.isDone();
      WebSocketLane webSockets = new WebSocketLane(node, lane, compression, loop);
      for (Door door : doors) {
        if (loops.transport().sharesPort() || door.channels().isEmpty()) {
          Pipeline pipeline = new Pipeline(door.entrance(), lane, webSockets, clients);
          door.channels().add(listen(loop, door.address(), pipeline));
        }
      }
    }
  }

  /** How late the latest of the event loops comes to what is due, in seconds; fades in a minute. */
  public double lagSeconds() {
    return lags.stream().mapToDouble(LoopLag::seconds).max().orElse(0);
  }

  /** Bytes of memory outside of the heap that are in use for what is read and written. */
  public static long directBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  /** Among a loop's scheduled tasks are only those that were due before it began with tasks. */
  private static void afterSockets(EventLoop loop, Runnable task) {
    Future<?> scheduled = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
    assert !scheduled.isCancelled();
  }

  /** A tick that threw would be the last one. */
  private static void tick(Lane lane, LoopLag lag) {
    try {
      lag.tick(System.nanoTime());
      lane.tick();
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error(LogEvent.FAULT.marker(), "a tick failed", e);
    }
  }

  /**
   * Listeners that may share a port would silently share it with another server of the same user
   * too: half the clients would be lost to it.
   */
  private static void checkFree(InetSocketAddress address) throws IOException {
    if (address.getPort() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      throw refused(address, e);
    }
  }

  private static IOException refused(InetSocketAddress address, Throwable cause) {
    return new IOException(
        "cannot listen on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + ": "
            + cause.getMessage(),
        cause);
  }

  private Channel listen(EventLoop loop, InetSocketAddress address, Pipeline pipeline)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(loops.transport().serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
            .childHandler(pipeline);
    if (loops.transport().sharesPort()) {
      bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw refused(address, bound.cause());
    }
    return bound.channel();
  }

  /** The port of an entrance, by its place in the list; also where the system has chosen it. */
  public int port(int entrance) {
    return doors.get(entrance).address().getPort();
  }

  /** Takes no more connections; those that are there stay. */
  public void stopAccepting() {
    for (Door door : doors) {
      for (Channel channel : door.channels()) {
        channel.close().awaitUninterruptibly();
      }
    }
  }

  /** Ends all connections. */
  @Override
  public void close() {
    stopAccepting();
    // Here and not by the loops: one that is busy may end without having closed its channels.
    clients.close().awaitUninterruptibly();
  }
}
