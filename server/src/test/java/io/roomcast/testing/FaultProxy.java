package io.roomcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on this machine that is a bad network when told to: late, narrow, dead, or cut. What
 * is set holds for the connections there are and for those to come. Takes in no more than some 300
 * KB of what it does not pass on, so that whoever sends feels it. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  /** One of the two ways through. */
  public enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  private static final int CHUNK = 16 * 1024;
  private static final int QUEUED = 16;
  private static final int SOCKET_BUFFER = 64 * 1024;
  private static final int CONNECT_MILLIS = 5000;
  private static final byte[] END = {};

  private final int target;
  private final ServerSocket listener;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Line toServer = new Line();
  private final Line toClient = new Line();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean refusing;

  private FaultProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket();
      listener.setReceiveBufferSize(SOCKET_BUFFER);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Stands before what listens on this port; passes everything on until told otherwise. */
  public static FaultProxy before(int port) {
    return new FaultProxy(port);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Passes on each piece so much later, both ways. */
  public void delay(Duration by) {
    toServer.delayNanos = by.toNanos();
    toClient.delayNanos = by.toNanos();
  }

  /** Passes on so many bytes a second for each connection; 0 for as many as come. */
  public void bandwidth(Way way, long bytesPerSecond) {
    line(way).bytesPerSecond = bytesPerSecond;
  }

  /** A dead network: connections are taken and stay open, and nothing is read or passed on. */
  public void blackHole(boolean dead) {
    hold(Way.TO_SERVER, dead);
    hold(Way.TO_CLIENT, dead);
  }

  /** A network that is dead in one direction. What is held goes on when it is let go. */
  public void hold(Way way, boolean held) {
    line(way).hold(held);
  }

  /** New connections are ended at once. */
  public void refuse(boolean now) {
    refusing = now;
  }

  /** Ends one direction of all present connections as a peer does that has no more to say. */
  public void halfClose(Way way) {
    connections.forEach(connection -> connection.pipe(way).halfClose());
  }

  /** Ends all present connections with a reset, on both sides. */
  public void reset() {
    connections.forEach(Connection::reset);
  }

  /** Resets each connection when so many more bytes have passed; to come ones too. */
  public void cutAfter(Way way, long bytes) {
    line(way).cutAfter = bytes;
    connections.forEach(connection -> connection.pipe(way).left.set(bytes));
  }

  /** Ends what {@link #cutAfter} began. */
  public void uncut(Way way) {
    cutAfter(way, Long.MAX_VALUE);
  }

  /** Connections that are open now. */
  public int open() {
    return connections.size();
  }

  /** Connections that there have been. */
  public int accepted() {
    return accepted.get();
  }

  /** Bytes passed on so far. */
  public long passed(Way way) {
    return line(way).passed.get();
  }

  private Line line(Way way) {
    return way == Way.TO_SERVER ? toServer : toClient;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that was gone again at once.
      }
    }
  }

  @SuppressWarnings("resource") // The connection closes both.
  private void serve(Socket client) {
    if (refusing) {
      abort(client);
      return;
    }
    Socket server = new Socket();
    try {
      server.setReceiveBufferSize(SOCKET_BUFFER);
      server.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      abort(client);
      abort(server);
      return;
    }
    Connection connection = new Connection(client, server);
    connections.add(connection);
    connection.start();
    if (listener.isClosed()) {
      connection.reset();
    }
  }

  private static void abort(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    blackHole(false);
    reset();
  }

  /** How one way is now, for all connections. */
  private static final class Line {
    private final AtomicLong passed = new AtomicLong();
    private volatile long delayNanos;
    private volatile long bytesPerSecond;
    private volatile long cutAfter = Long.MAX_VALUE;
    private boolean held;

    synchronized void hold(boolean now) {
      held = now;
      notifyAll();
    }

    synchronized void awaitOpen() throws InterruptedException {
      while (held) {
        wait();
      }
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server;
    private final Pipe up;
    private final Pipe down;
    private final AtomicInteger ended = new AtomicInteger();

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
      this.up = new Pipe(this, toServer, client, server);
      this.down = new Pipe(this, toClient, server, client);
    }

    void start() {
      up.start();
      down.start();
    }

    Pipe pipe(Way way) {
      return way == Way.TO_SERVER ? up : down;
    }

    void reset() {
      connections.remove(this);
      abort(client);
      abort(server);
      up.stop();
      down.stop();
    }

    /** One of the two ways has come to its end; with the second one all is over. */
    void ended() throws IOException {
      if (ended.incrementAndGet() == 2) {
        connections.remove(this);
        client.close();
        server.close();
      }
    }
  }

  private record Piece(byte[] bytes, long due) {}

  /** One way of one connection: a thread that reads and one that writes, with a queue between. */
  private static final class Pipe {
    private final Connection connection;
    private final Line line;
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Piece> queue = new ArrayBlockingQueue<>(QUEUED);
    private final AtomicBoolean halfClosed = new AtomicBoolean();
    private final AtomicLong left;
    private final Thread reading = Thread.ofVirtual().unstarted(() -> guarded(this::read));
    private final Thread writing = Thread.ofVirtual().unstarted(() -> guarded(this::write));

    Pipe(Connection connection, Line line, Socket from, Socket to) {
      this.connection = connection;
      this.line = line;
      this.from = from;
      this.to = to;
      this.left = new AtomicLong(line.cutAfter);
    }

    private interface Work {
      void run() throws IOException, InterruptedException;
    }

    /** A way that fails takes the connection with it, as a reset does. */
    private void guarded(Work work) {
      try {
        work.run();
      } catch (IOException e) {
        connection.reset();
      } catch (InterruptedException e) {
        // Stopped.
      }
    }

    void start() {
      reading.start();
      writing.start();
    }

    void stop() {
      reading.interrupt();
      writing.interrupt();
    }

    private void read() throws IOException, InterruptedException {
      byte[] buffer = new byte[CHUNK];
      var in = from.getInputStream();
      while (true) {
        line.awaitOpen();
        int n = in.read(buffer);
        byte[] bytes = n < 0 ? END : Arrays.copyOf(buffer, n);
        queue.put(new Piece(bytes, System.nanoTime() + line.delayNanos));
        if (n < 0) {
          return;
        }
      }
    }

    private void write() throws IOException, InterruptedException {
      while (true) {
        Piece piece = queue.take();
        TimeUnit.NANOSECONDS.sleep(piece.due - System.nanoTime());
        line.awaitOpen();
        if (piece.bytes.length == 0) {
          halfClose();
          connection.ended();
          return;
        }
        pass(piece.bytes);
      }
    }

    private void pass(byte[] bytes) throws IOException, InterruptedException {
      int at = 0;
      while (at < bytes.length) {
        long rate = line.bytesPerSecond;
        long step = rate == 0 ? bytes.length : Math.max(1, rate / 20);
        // Counted before they are written: whoever has seen them may set what is left anew.
        long wanted = Math.min(step, bytes.length - at);
        long before =
            left.getAndUpdate(now -> now == Long.MAX_VALUE ? now : Math.max(0, now - wanted));
        int n = (int) Math.min(wanted, before);
        if (!halfClosed.get()) {
          line.passed.addAndGet(n);
          to.getOutputStream().write(bytes, at, n);
        }
        at += n;
        if (before == n) {
          connection.reset();
          return;
        }
        if (rate > 0) {
          TimeUnit.NANOSECONDS.sleep(n * 1_000_000_000L / rate);
          line.awaitOpen();
        }
      }
    }

    /** What still comes is taken in, and goes nowhere. */
    void halfClose() {
      if (halfClosed.compareAndSet(false, true)) {
        try {
          to.shutdownOutput();
        } catch (IOException e) {
          // Closed already.
        }
      }
    }
  }
}
