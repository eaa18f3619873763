package io.roomcast.client;

import io.roomcast.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One room as the application wants it to be, and as the server has it: joined again after every
 * interruption, with the position. Belongs to the loop, but for {@link #position}.
 */
final class Membership {
  private static final int CANCELLED = 1499;

  /** What the server takes somebody out of a room with whose token is over: another may do. */
  private static final int NO_LONGER_ALLOWED = 2001;

  private final String name;
  private final Loop loop;
  private final Link link;
  private final Told told;
  private final List<BiConsumer<@Nullable Joined, @Nullable RoomcastException>> joining =
      new ArrayList<>();

  private boolean wanted;
  private boolean joined;
  private boolean asking;

  /** Whether it has been joined since the application asked for it. */
  private boolean been;

  /** Of the last message handed on. */
  private volatile Position position = Position.NONE;

  private JoinFrom from = JoinFrom.NOW;

  /** Of this room alone. */
  private Credentials tokens;

  private int failures;

  /** Since when something may be missing, ms since 1970; 0 when nothing is. */
  private long missingSince;

  /** Another one: what an earlier SUBSCRIBE still hears is passed over. */
  private int ticket;

  /** Whom it tells, on the loop. */
  interface Told {
    void event(RoomEvent event);

    /** Nothing more comes. */
    void over(@Nullable RoomcastException why);
  }

  Membership(String name, Loop loop, Link link, Credentials none, Told told) {
    this.name = name;
    this.loop = loop;
    this.link = link;
    this.tokens = none;
    this.told = told;
  }

  boolean wanted() {
    return wanted;
  }

  /** On any thread. */
  Position position() {
    return position;
  }

  void join(
      JoinFrom start,
      Credentials ofTheRoom,
      BiConsumer<@Nullable Joined, @Nullable RoomcastException> outcome) {
    if (joined) {
      outcome.accept(new Joined(position, false), null);
      return;
    }
    joining.add(outcome);
    if (!wanted) {
      wanted = true;
      been = false;
      from = start;
      tokens = ofTheRoom;
      position = Position.NONE;
      missingSince = 0;
      failures = 0;
      ticket++;
      asking = false;
      subscribe();
    }
  }

  /** It is a membership already, by the server's will. */
  void adopt(Position where) {
    wanted = true;
    joined = true;
    been = true;
    from = JoinFrom.NOW;
    failures = 0;
    missingSince = 0;
    position = where;
    ticket++;
  }

  /** There is a connection, or another token. */
  void resume() {
    if (wanted && !joined && !asking) {
      subscribe();
    }
  }

  private void subscribe() {
    if (!link.connected()) {
      return;
    }
    asking = true;
    int mine = ++ticket;
    tokens.fetch(
        (token, failure) -> {
          if (mine != ticket) {
            return;
          }
          if (failure != null) {
            asking = false;
            refused(new RoomcastException(0, true, "no token: " + failure.getMessage()));
          } else {
            subscribe(Requests.field("token", token));
          }
        });
  }

  private void subscribe(String token) {
    Position since = been ? position : from.since();
    String fields = Requests.field("room", name) + token;
    if (since.known()) {
      fields += Requests.since(since);
    } else if (!been && from.last() > 0) {
      fields += ",\"last\":" + from.last();
    }
    int mine = ticket;
    link.ask(
        "SUBSCRIBE",
        fields,
        (reply, failure) -> {
          if (mine != ticket) {
            return;
          }
          asking = false;
          if (reply != null) {
            subscribed(reply, since);
          } else if (failure != null) {
            refused(failure);
          }
        });
  }

  private void subscribed(Incoming reply, Position since) {
    boolean recovered = reply.flag("recovered");
    boolean missed = !recovered && (been || since.known());
    joined = true;
    been = true;
    failures = 0;
    position = recovered ? since : reply.position();
    List<BiConsumer<@Nullable Joined, @Nullable RoomcastException>> all = List.copyOf(joining);
    joining.clear();
    all.forEach(outcome -> outcome.accept(new Joined(position, recovered), null));
    if (missed) {
      told.event(Gap.connection(name, missingSince, System.currentTimeMillis()));
    }
    missingSince = 0;
  }

  private void refused(RoomcastException failure) {
    if (failure.code() == Identity.UNAUTHORIZED && tokens.none() && link.refreshable()) {
      link.refresh();
    } else if (failure.temporary()) {
      int mine = ticket;
      loop.after(
          Math.max(failure.afterMillis(), Backoff.delay(failures++)),
          () -> {
            if (mine == ticket) {
              resume();
            }
          });
    } else {
      removed(failure.code(), String.valueOf(failure.getMessage()));
    }
  }

  /** The connection is gone; the server was last heard then, ms since 1970. */
  void lost(long heardAt) {
    ticket++;
    asking = false;
    if (joined) {
      joined = false;
      missingSince = heardAt;
    }
  }

  /** The server has taken it out. Where a token of the room is over, another one is shown. */
  void unsubscribed(int code, String text) {
    if (wanted && code == NO_LONGER_ALLOWED && !tokens.none()) {
      lost(System.currentTimeMillis());
      subscribe();
    } else {
      removed(code, text);
    }
  }

  /** The server does not want it here. */
  void removed(int code, String text) {
    boolean was = been;
    List<BiConsumer<@Nullable Joined, @Nullable RoomcastException>> all = end();
    RoomcastException why = new RoomcastException(code, false, text);
    all.forEach(outcome -> outcome.accept(null, why));
    if (was) {
      told.event(Removed.of(name, code, text));
    }
    told.over(why);
  }

  /** The application has closed its client. */
  void closed(RoomcastException why) {
    end().forEach(outcome -> outcome.accept(null, why));
    told.over(null);
  }

  /** The application leaves. Done when the server knows, or does not need to. */
  void leave(Runnable done) {
    boolean there = joined || asking;
    boolean was = wanted;
    RoomcastException why =
        new RoomcastException(CANCELLED, false, "the room was left before it was joined");
    end().forEach(outcome -> outcome.accept(null, why));
    if (was) {
      told.over(null);
    }
    if (there && link.connected()) {
      link.ask("UNSUBSCRIBE", Requests.field("room", name), (reply, failure) -> done.run());
    } else {
      done.run();
    }
  }

  private List<BiConsumer<@Nullable Joined, @Nullable RoomcastException>> end() {
    wanted = false;
    joined = false;
    asking = false;
    been = false;
    ticket++;
    List<BiConsumer<@Nullable Joined, @Nullable RoomcastException>> all = List.copyOf(joining);
    joining.clear();
    return all;
  }

  void message(Incoming event) {
    if (!wanted) {
      return;
    }
    Position here = position;
    Message message = event.message(here.epoch());
    if (message.position().known()) {
      if (message.position().offset() <= here.offset()) {
        return;
      }
      position = message.position();
    }
    told.event(message);
  }

  void presence(Incoming event) {
    if (wanted) {
      boolean here = event.type().equals("joined");
      told.event(
          new PresenceChange(name, event.text("user"), here, event.raw("info"), event.json()));
    }
  }

  void gap(Incoming event) {
    if (!wanted) {
      return;
    }
    String reason = event.text("reason");
    told.event(
        new Gap(
            name,
            event.number("since"),
            event.number("until"),
            reason,
            event.number("skipped"),
            event.json()));
    if (reason.equals("log") && joined) {
      position = Position.NONE;
      where();
    }
  }

  /** The log may be another one: asks where the room stands. */
  private void where() {
    int mine = ++ticket;
    link.ask(
        "SUBSCRIBE",
        Requests.field("room", name),
        (reply, failure) -> {
          if (mine == ticket && reply != null) {
            position = reply.position();
          }
        });
  }
}
