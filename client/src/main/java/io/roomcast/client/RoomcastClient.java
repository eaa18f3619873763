package io.roomcast.client;

import io.roomcast.protocol.RoomName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A lasting link to a Roomcast server.
 *
 * <pre>{@code
 * RoomcastClient client = RoomcastClient.connect(URI.create("ws://localhost:8080/ws"));
 * Room room = client.room("room1");
 * room.onMessage(message -> System.out.println(message.text()));
 * room.join().join();
 * room.send("{\"hello\":\"world\"}").join();
 * }</pre>
 *
 * <p>It comes back by itself: after 0 to 500 ms, then twice as much with each failure up to 0 to 20
 * s, and not before the server says; it joins its rooms again where they stood, and sends what was
 * kept. It ends only by {@link #close}, or when the server closes with a code that is final or
 * refuses two tokens in a row.
 *
 * <p>Thread-safe; nothing blocks. See the package for its threads.
 */
public final class RoomcastClient implements AutoCloseable {
  private static final long IDLE_SECONDS = 5;

  private final Core core;
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();
  private final List<Consumer<ClientState.Change>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Room>> roomListeners = new CopyOnWriteArrayList<>();
  private volatile ClientState.Change state =
      new ClientState.Change(ClientState.CONNECTING, "", 0, Duration.ZERO);

  RoomcastClient(URI uri, ClientOptions options, Loop loop, Wire.Dialer dialer, Executor executor) {
    this.core = new Core(uri, options, loop, dialer, executor, this::changed, this::unasked);
    loop.execute(() -> core.link().open());
  }

  /** Makes a client with {@link ClientOptions#DEFAULT}, which begins to connect. */
  public static RoomcastClient connect(URI uri) {
    return connect(uri, ClientOptions.DEFAULT);
  }

  /**
   * Makes a client, which begins to connect. It need not be waited for: joins and messages wait by
   * themselves. {@link #onState} tells how it goes.
   *
   * @param uri the server's WebSocket, such as {@code ws://localhost:8080/ws}
   * @throws IllegalArgumentException when the scheme is not {@code ws} or {@code wss}
   */
  public static RoomcastClient connect(URI uri, ClientOptions options) {
    if (!"ws".equals(uri.getScheme()) && !"wss".equals(uri.getScheme())) {
      throw new IllegalArgumentException("the URL must begin with ws:// or wss://, not " + uri);
    }
    return new RoomcastClient(
        uri,
        options,
        new ThreadLoop(),
        JdkWire.dialer(options.tls()),
        options.executor().orElseGet(RoomcastClient::threads));
  }

  /** As many as are needed, each ending when it was idle for some seconds: nothing to shut down. */
  private static Executor threads() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "roomcast-events-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * A room of this name; the same object each time. It is not joined by this.
   *
   * @throws IllegalArgumentException when no room can have this name
   */
  public Room room(String name) {
    return rooms.computeIfAbsent(
        name,
        key -> {
          String flaw = RoomName.flaw(key);
          if (!flaw.isEmpty()) {
            throw new IllegalArgumentException("room " + flaw);
          }
          return new Room(key, core);
        });
  }

  /** Where it stands now. */
  public ClientState state() {
    return state.state();
  }

  /** The last change of the state, with its reason. */
  public ClientState.Change lastChange() {
    return state;
  }

  /** Tells each change of the state, in order with what the rooms tell. */
  public Listening onState(Consumer<ClientState.Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Tells a room that the server has let this client join, unasked: as if it had been joined. A
   * listener that is added to the room in there hears all of it.
   */
  public Listening onRoom(Consumer<Room> listener) {
    roomListeners.add(listener);
    return () -> roomListeners.remove(listener);
  }

  private void unasked(Incoming subscribed) {
    if (RoomName.flaw(subscribed.room()).isEmpty()) {
      Room room = room(subscribed.room());
      core.deliveries().add(() -> roomListeners.forEach(listener -> listener.accept(room)));
      room.adopt(subscribed.position());
    }
  }

  private void changed(ClientState.Change change) {
    state = change;
    core.deliveries().add(() -> listeners.forEach(listener -> listener.accept(change)));
  }

  /**
   * Leaves all rooms and ends. What is still open fails; what has come already is still told.
   * Returns at once. Closing again does nothing.
   */
  @Override
  public void close() {
    core.loop().execute(() -> core.link().close());
  }
}
