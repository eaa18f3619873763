package io.roomcast.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The lasting link: dials, says who it is, notices when the other side is gone, and comes back.
 * Belongs to the loop.
 *
 * <pre>
 *   CONNECTING --connected--> CONNECTED --lost--> WAITING --the time is over--> CONNECTING
 *        |                        |
 *        +------ refused, or closed for good -----+--> CLOSED
 * </pre>
 */
final class Link {
  private static final int INVALID_TOKEN = 4501;

  /** A connection that held so long makes the next delay short again, ms. */
  private static final long STABLE = 5_000;

  private final URI uri;
  private final ClientOptions options;
  private final Loop loop;
  private final Wire.Dialer dialer;
  private final Identity identity;
  private final Owner owner;
  private final Requests requests;

  /** Commands given before there is a connection; each with its own time limit. */
  private final Queue<Runnable> early = new ArrayDeque<>();

  private ClientState state = ClientState.CONNECTING;
  private @Nullable Wire wire;

  /** Counts attempts: what an earlier one still tells is passed over. */
  private int attempt;

  private int failures;
  private long connectedAt;
  private long heardAt;
  private @Nullable Incoming farewell;
  private boolean paused;

  /** Frames that may be read once it is no longer paused. */
  private int owed;

  private @Nullable Runnable whenRead;
  private Loop.Timer retry = Loop.Timer.NONE;
  private Loop.Timer probe = Loop.Timer.NONE;

  /** Whom the link tells, on the loop. */
  interface Owner {
    /** The state has changed. */
    void changed(ClientState.Change change);

    /** The server knows who this is. */
    void connected();

    /** The connection is gone; none of what was asked for will be answered. */
    void lost(long heardAt);

    /** The server has taken another token. */
    void refreshed();

    /** An event that answers no command. */
    void event(Incoming event);

    /** It is over. */
    void ended(RoomcastException why);
  }

  Link(
      URI uri,
      ClientOptions options,
      String session,
      Loop loop,
      Wire.Dialer dialer,
      Credentials credentials,
      Owner owner) {
    this.uri = uri;
    this.options = options;
    this.loop = loop;
    this.dialer = dialer;
    this.identity = new Identity(this, loop, credentials, session, options.name());
    this.owner = owner;
    this.requests = new Requests(loop);
  }

  boolean connected() {
    return state == ClientState.CONNECTED;
  }

  /** Which attempt this is: another one after each loss. */
  int attempt() {
    return attempt;
  }

  boolean closed() {
    return state == ClientState.CLOSED;
  }

  /** Whether a refused token may be replaced. */
  boolean refreshable() {
    return identity.refreshable();
  }

  void open() {
    int mine = ++attempt;
    farewell = null;
    owed = 0;
    enter(ClientState.CONNECTING, "", 0, 0);
    dialer.dial(uri, new Ends(mine));
  }

  /** What one attempt tells, brought to the loop. */
  private final class Ends implements Wire.Listener {
    private final int mine;

    Ends(int mine) {
      this.mine = mine;
    }

    private void run(Runnable what) {
      loop.execute(
          () -> {
            if (mine == attempt) {
              what.run();
            }
          });
    }

    @Override
    public void opened(Wire opened) {
      loop.execute(
          () -> {
            if (mine == attempt) {
              wire = opened;
              heardAt = loop.millis();
              read();
              identity.begin();
            } else {
              opened.abort();
            }
          });
    }

    @Override
    public void text(String text) {
      run(() -> heard(text));
    }

    @Override
    public void alive() {
      run(
          () -> {
            heardAt = loop.millis();
            read();
          });
    }

    @Override
    public void ended(int code, String reason) {
      run(() -> over(code, reason));
    }
  }

  private void read() {
    Wire from = wire;
    if (from == null) {
      return;
    }
    if (paused) {
      owed++;
    } else {
      from.request();
    }
  }

  /** Reads nothing more, or goes on. While it reads nothing it does not come back either. */
  void pause(boolean now) {
    paused = now;
    Wire from = wire;
    if (now) {
      return;
    }
    heardAt = loop.millis();
    for (; owed > 0 && from != null; owed--) {
      from.request();
    }
    Runnable waiting = whenRead;
    whenRead = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  /** The server knows who this is. */
  void welcome() {
    connectedAt = loop.millis();
    enter(ClientState.CONNECTED, "", 0, 0);
    watch();
    owner.connected();
    for (Runnable next = early.poll(); next != null; next = early.poll()) {
      next.run();
    }
  }

  /** The server has taken another token. */
  void refreshed() {
    owner.refreshed();
  }

  /** Has another token fetched and shown; the owner hears of it. */
  void refresh() {
    identity.refresh();
  }

  /** Looks from time to time whether the other side is still there. */
  private void watch() {
    long silence = options.silence().toMillis();
    long quiet = loop.millis() - heardAt;
    if (paused || quiet < silence) {
      probe = loop.after(paused ? silence : silence - quiet, this::watch);
      return;
    }
    int mine = attempt;
    long asked = loop.millis();
    ask("ping", "", (reply, failure) -> {});
    probe =
        loop.after(
            silence / 3,
            () -> {
              if (mine == attempt && heardAt < asked && !paused) {
                drop("the server went silent");
              } else {
                watch();
              }
            });
  }

  /**
   * Sends a command.
   *
   * @param fields as JSON, each with a comma before it
   */
  void ask(String type, String fields, Requests.Answer answer) {
    Wire to = wire;
    if (to == null) {
      answer.done(null, Requests.lost());
    } else {
      to.send(requests.ask(type, fields, answer));
    }
  }

  /** Sends a command, when there is a connection again; it fails when that takes too long. */
  void askPatiently(String type, String fields, Requests.Answer answer) {
    if (connected()) {
      ask(type, fields, answer);
      return;
    }
    AtomicReference<Loop.Timer> timer = new AtomicReference<>(Loop.Timer.NONE);
    Runnable asking =
        () -> {
          timer.get().cancel();
          ask(type, fields, answer);
        };
    early.add(asking);
    timer.set(
        loop.after(
            Requests.PATIENCE,
            () -> {
              if (early.remove(asking)) {
                answer.done(null, new RoomcastException(0, true, "there was no connection"));
              }
            }));
  }

  private void heard(String text) {
    heardAt = loop.millis();
    Incoming event;
    try {
      event = Incoming.parse(text);
    } catch (IOException e) {
      drop("the server sent what is not JSON");
      return;
    }
    if (event.type().equals("disconnect")) {
      farewell = event;
    } else if (!event.has("id") || !requests.settle(event)) {
      owner.event(event);
    }
    read();
  }

  /** Gives up a connection without waiting for the other side, which may be gone. */
  void drop(String reason) {
    Wire old = wire;
    if (old != null) {
      old.abort();
    }
    over(JdkWire.LOST, reason);
  }

  private void over(int code, String reason) {
    Incoming said = farewell;
    release();
    String text = said == null || said.text("text").isEmpty() ? reason : said.text("text");
    boolean tokenExpired = code == INVALID_TOKEN && identity.refreshable();
    boolean unwanted = said != null && said.raw("reconnect").equals("false");
    if ((Backoff.isFinal(code) || unwanted) && !tokenExpired) {
      end(new RoomcastException(code, false, text.isEmpty() ? "closed by the server" : text));
    } else {
      again(code, text, said == null ? 0 : said.number("after"));
    }
  }

  private void again(int code, String text, long after) {
    if (paused) {
      // What is not read would be lost again: first has to be taken what there is.
      whenRead = () -> again(code, text, after);
      enter(ClientState.WAITING, "what was received is still to be taken: " + text, code, 0);
      return;
    }
    long wait = Math.max(after, Backoff.delay(failures++));
    retry = loop.after(wait, this::open);
    enter(ClientState.WAITING, text, code, wait);
  }

  /** Lets go of the wire, and of all that hung on it. */
  private void release() {
    attempt++;
    wire = null;
    identity.lost();
    probe.cancel();
    if (connected()) {
      if (loop.millis() - connectedAt >= STABLE) {
        failures = 0;
      }
      owner.lost(heardAt);
    }
    requests.abandon(Requests.lost());
  }

  /** Ends it, by the application's wish. */
  void close() {
    end(new RoomcastException(0, false, "the client was closed"));
  }

  /** Ends it for good. */
  void end(RoomcastException why) {
    if (closed()) {
      return;
    }
    retry.cancel();
    whenRead = null;
    Wire old = wire;
    state = ClientState.CLOSED;
    owner.ended(why);
    release();
    List<Runnable> never = new ArrayList<>(early);
    early.clear();
    never.forEach(Runnable::run);
    if (old != null) {
      old.close();
    }
    enter(ClientState.CLOSED, reason(why), why.code(), 0);
  }

  private static String reason(RoomcastException why) {
    return String.valueOf(why.getMessage());
  }

  private void enter(ClientState next, String reason, int code, long retryMillis) {
    state = next;
    owner.changed(new ClientState.Change(next, reason, code, Duration.ofMillis(retryMillis)));
  }
}
