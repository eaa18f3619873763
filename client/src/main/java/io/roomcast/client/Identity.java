package io.roomcast.client;

import org.jspecify.annotations.Nullable;

/** Says on each connection who this is, and keeps its token fresh. Belongs to the loop. */
final class Identity {
  static final int UNAUTHORIZED = 1401;

  /** After a failed refresh, ms and a part that is by chance. */
  private static final long AGAIN = 1000;

  private final Link link;
  private final Loop loop;
  private final Credentials credentials;
  private final String session;
  private final String name;

  private int refusals;
  private boolean refreshing;
  private Loop.Timer due = Loop.Timer.NONE;

  Identity(Link link, Loop loop, Credentials credentials, String session, String name) {
    this.link = link;
    this.loop = loop;
    this.credentials = credentials;
    this.session = session;
    this.name = name;
  }

  /** Whether a refused token may be replaced. */
  boolean refreshable() {
    return !credentials.none();
  }

  /** A new connection: nobody has been refused on it. */
  void begin() {
    refusals = 0;
    introduce();
  }

  private void introduce() {
    int attempt = link.attempt();
    credentials.fetch(
        (token, failure) -> {
          if (attempt != link.attempt()) {
            return;
          }
          if (failure != null) {
            link.drop("no token: " + failure.getMessage());
          } else {
            introduce(token);
          }
        });
  }

  private void introduce(String token) {
    String fields =
        Requests.field("session", session)
            + Requests.field("name", name)
            + Requests.field("token", token);
    int attempt = link.attempt();
    link.ask(
        "connect",
        fields,
        (reply, refused) -> {
          if (attempt != link.attempt()) {
            return;
          }
          if (refused == null) {
            refusals = 0;
            refreshLater(token);
            link.welcome();
          } else if (refused.code() == UNAUTHORIZED) {
            refused(refused, this::introduce);
          } else if (refused.temporary()) {
            link.drop(String.valueOf(refused.getMessage()));
          } else {
            link.end(refused);
          }
        });
  }

  /** A token was refused: once more, with another. */
  private void refused(RoomcastException why, Runnable again) {
    if (++refusals > 1 || !refreshable()) {
      link.end(why);
    } else {
      again.run();
    }
  }

  private void refreshLater(String token) {
    due.cancel();
    long in = refreshable() ? Credentials.refreshIn(token, System.currentTimeMillis()) : -1;
    due = in < 0 ? Loop.Timer.NONE : loop.after(in, this::refresh);
  }

  private void tryAgain() {
    due.cancel();
    due = loop.after(AGAIN + Backoff.delay(0), this::refresh);
  }

  /** Replaces the token; the owner of the link hears of it. */
  void refresh() {
    if (refreshing || !link.connected()) {
      return;
    }
    refreshing = true;
    int attempt = link.attempt();
    credentials.fetch(
        (token, failure) -> {
          if (attempt != link.attempt()) {
            return;
          }
          if (failure != null) {
            refreshing = false;
            tryAgain();
          } else {
            link.ask(
                "refresh",
                Requests.field("token", token),
                (reply, no) -> {
                  if (attempt == link.attempt()) {
                    done(token, no);
                  }
                });
          }
        });
  }

  private void done(String token, @Nullable RoomcastException failure) {
    refreshing = false;
    if (failure == null) {
      refusals = 0;
      refreshLater(token);
      link.refreshed();
    } else if (failure.code() == UNAUTHORIZED) {
      refused(failure, this::refresh);
    } else {
      tryAgain();
    }
  }

  /** The connection is gone. */
  void lost() {
    refreshing = false;
    due.cancel();
  }
}
