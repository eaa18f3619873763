package io.roomcast.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;

/** The ways to the kernel, best first. */
public enum NativeTransport {
  /** Linux 5.9 and newer, where nothing forbids it; containers often do. */
  IO_URING,
  /** Every Linux. */
  EPOLL,
  /** Everywhere. */
  NIO;

  /**
   * Entries of the submission ring. A fan-out fills one for each member; a full ring costs a system
   * call.
   */
  private static final int RING = 2048;

  /** Entries of the completion ring: more than the submissions that can be under way in a turn. */
  private static final int COMPLETIONS = 32 * 1024;

  static {
    // A poll that stays armed tells nothing of a reset that comes with a client's last bytes, and
    // the client would count as there until its next ping (Netty 4.2.18). Read by Netty when its
    // io_uring is first asked for.
    String multishot = "io.netty.iouring.pollAddMultishotEnabled";
    if (System.getProperty(multishot) == null) {
      System.setProperty(multishot, "false");
    }
  }

  /** The best one that works here. */
  public static NativeTransport best() {
    for (NativeTransport transport : values()) {
      if (transport.works()) {
        return transport;
      }
    }
    return NIO;
  }

  /**
   * The one of this name, or the best one for {@code auto}.
   *
   * @throws IllegalArgumentException when there is no such transport, or it does not work here
   */
  public static NativeTransport named(String name) {
    if (name.equals("auto")) {
      return best();
    }
    for (NativeTransport transport : values()) {
      if (transport.label().equals(name)) {
        if (!transport.works()) {
          throw new IllegalArgumentException("transport " + name + " does not work here");
        }
        return transport;
      }
    }
    throw new IllegalArgumentException(
        "transport must be auto, io_uring, epoll or nio, not " + name);
  }

  /** The name that people use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private boolean works() {
    return switch (this) {
      case IO_URING -> IoUring.isAvailable();
      case EPOLL -> Epoll.isAvailable();
      case NIO -> true;
    };
  }

  IoHandlerFactory handlers() {
    return switch (this) {
      case IO_URING ->
          IoUringIoHandler.newFactory(
              new IoUringIoHandlerConfig().setRingSize(RING).setCqSize(COMPLETIONS));
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  Class<? extends ServerChannel> serverChannel() {
    return switch (this) {
      case IO_URING -> IoUringServerSocketChannel.class;
      case EPOLL -> EpollServerSocketChannel.class;
      case NIO -> NioServerSocketChannel.class;
    };
  }

  /** What a connection to elsewhere must be, to live on the same event loops. */
  public Class<?> socketChannel() {
    return switch (this) {
      case IO_URING -> IoUringSocketChannel.class;
      case EPOLL -> EpollSocketChannel.class;
      case NIO -> NioSocketChannel.class;
    };
  }

  /** Whether several listeners may share a port, so that a connection is born on its own loop. */
  boolean sharesPort() {
    return this != NIO;
  }
}
