package io.roomcast.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
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
  private static final int UNAUTHORIZED = 1401;
  private static final int INVALID_TOKEN = 4501;

  /** A connection that held so long makes the next delay short again, ms. */
  private static final long STABLE = 5_000;

  private final URI uri;
  private final ClientOptions options;
  private final String session;
  private final Loop loop;
  private final Wire.Dialer dialer;
  private final Credentials credentials;
  private final Owner owner;
  private final Requests requests;

  /** Commands given before there is a connection; each with its own time limit. */
  private final Queue<Runnable> early = new ArrayDeque<>();

  private ClientState state = ClientState.CONNECTING;
  private @Nullable Wire wire;

  /** Counts attempts: what an earlier one still tells is passed over. */
  private int attempt;

  private int failures;
  private int refusals;
  private long connectedAt;
  private long heardAt;
  private @Nullable Incoming farewell;
  private boolean paused;
  private boolean refreshing;

  /** Frames that may be read once it is no longer paused. */
  private int owed;

  private @Nullable Runnable whenRead;
  private Loop.Timer retry = Loop.Timer.NONE;
  private Loop.Timer probe = Loop.Timer.NONE;
  private Loop.Timer refresh = Loop.Timer.NONE;

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
    this.session = session;
    this.loop = loop;
    this.dialer = dialer;
    this.credentials = credentials;
    this.owner = owner;
    this.requests = new Requests(loop);
  }

  boolean connected() {
    return state == ClientState.CONNECTED;
  }

  boolean closed() {
    return state == ClientState.CLOSED;
  }

  /** Whether a refused token may be replaced. */
  boolean refreshable() {
    return !credentials.none();
  }

  void open() {
    int mine = ++attempt;
    farewell = null;
    refusals = 0;
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
              hello();
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

  private void hello() {
    int mine = attempt;
    credentials.fetch(
        (token, failure) -> {
          if (mine != attempt || wire == null) {
            return;
          }
          if (failure != null) {
            drop("no token: " + failure.getMessage());
          } else {
            introduce(token);
          }
        });
  }

  private void introduce(String token) {
    String fields =
        Requests.field("session", session)
            + Requests.field("name", options.name())
            + Requests.field("token", token);
    ask(
        "connect",
        fields,
        (reply, refused) -> {
          if (refused == null) {
            welcome(token);
          } else if (refused.code() == UNAUTHORIZED) {
            refused(refused, this::hello);
          } else if (refused.temporary()) {
            drop(reason(refused));
          } else {
            end(refused);
          }
        });
  }

  /** A token was refused: once more, with another. */
  private void refused(RoomcastException why, Runnable again) {
    if (++refusals > 1 || !refreshable()) {
      end(why);
    } else {
      again.run();
    }
  }

  private void welcome(String token) {
    refusals = 0;
    connectedAt = loop.millis();
    enter(ClientState.CONNECTED, "", 0, 0);
    refreshLater(token);
    watch();
    owner.connected();
    for (Runnable next = early.poll(); next != null; next = early.poll()) {
      next.run();
    }
  }

  private void refreshLater(String token) {
    refresh.cancel();
    long in = refreshable() ? Credentials.refreshIn(token, System.currentTimeMillis()) : -1;
    refresh = in < 0 ? Loop.Timer.NONE : loop.after(in, this::refresh);
  }

  /** Replaces the token; the owner hears of it. */
  void refresh() {
    if (refreshing || !connected()) {
      return;
    }
    refreshing = true;
    int mine = attempt;
    credentials.fetch(
        (token, failure) -> {
          if (mine != attempt || !connected()) {
            return;
          }
          if (failure != null) {
            refreshing = false;
            refresh = loop.after(1000 + Backoff.delay(3), this::refresh);
            return;
          }
          ask("refresh", Requests.field("token", token), (reply, no) -> refreshed(token, no));
        });
  }

  private void refreshed(String token, @Nullable RoomcastException failure) {
    refreshing = false;
    if (failure == null) {
      refusals = 0;
      refreshLater(token);
      owner.refreshed();
    } else if (failure.code() == UNAUTHORIZED) {
      refused(failure, this::refresh);
    } else if (connected()) {
      refresh = loop.after(1000 + Backoff.delay(3), this::refresh);
    }
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
    boolean[] settled = {false};
    Supplier<Boolean> first =
        () -> {
          boolean was = settled[0];
          settled[0] = true;
          return !was;
        };
    Loop.Timer timer =
        loop.after(
            Requests.PATIENCE,
            () -> {
              if (first.get()) {
                answer.done(null, new RoomcastException(0, true, "there was no connection"));
              }
            });
    early.add(
        () -> {
          timer.cancel();
          if (first.get()) {
            ask(type, fields, answer);
          }
        });
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
  private void drop(String reason) {
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
    boolean tokenExpired = code == INVALID_TOKEN && refreshable();
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
    refreshing = false;
    probe.cancel();
    refresh.cancel();
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

  private void end(RoomcastException why) {
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
