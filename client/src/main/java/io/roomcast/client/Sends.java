package io.roomcast.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent: kept until the server has it, one a room at a time, each with its key, so
 * that the order holds and a repeat is no second message. Belongs to the loop.
 */
final class Sends {
  private static final int TOO_LARGE = 1413;

  /** What an id and braces may add to a command. */
  private static final int AROUND = 64;

  private final Loop loop;
  private final Link link;
  private final ClientOptions options;
  private final String keys;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private int kept;
  private long lastKey;

  /**
   * Makes it.
   *
   * @param keys what its keys begin with; unlike that of any other client
   */
  Sends(Loop loop, Link link, ClientOptions options, String keys) {
    this.loop = loop;
    this.link = link;
    this.options = options;
    this.keys = keys;
  }

  /** What waits for one room. */
  private static final class Line {
    private final Queue<Message> waiting = new ArrayDeque<>();
    private boolean underWay;
    private int failures;

    /** Another turn: what an earlier one still hears is passed over. */
    private int turn;
  }

  /** One message on its way. */
  private static final class Message {
    private final String fields;
    private final BiConsumer<@Nullable Sent, @Nullable RoomcastException> outcome;
    private Loop.Timer giveUp = Loop.Timer.NONE;
    private boolean tried;

    Message(String fields, BiConsumer<@Nullable Sent, @Nullable RoomcastException> outcome) {
      this.fields = fields;
      this.outcome = outcome;
    }
  }

  /** Takes one; its outcome comes on the loop. */
  void add(
      String room,
      String json,
      SendOptions how,
      BiConsumer<@Nullable Sent, @Nullable RoomcastException> outcome) {
    String key =
        how.key().isEmpty() && how.keep() ? keys + Long.toString(++lastKey, 36) : how.key();
    String fields =
        Requests.field("room", room)
            + ",\"message\":"
            + json
            + Requests.field("key", key)
            + (how.echo() ? "" : ",\"echo\":false");
    int size = fields.getBytes(StandardCharsets.UTF_8).length + AROUND;
    if (size > options.messageBytes()) {
      outcome.accept(null, tooLarge(size));
    } else if (how.keep()) {
      keep(room, fields, outcome);
    } else {
      sendNow(fields, outcome);
    }
  }

  private RoomcastException tooLarge(int size) {
    return new RoomcastException(
        TOO_LARGE,
        false,
        "not sent: with its command it has about "
            + size
            + " bytes, and may have "
            + options.messageBytes());
  }

  private void sendNow(
      String fields, BiConsumer<@Nullable Sent, @Nullable RoomcastException> outcome) {
    if (!link.connected()) {
      outcome.accept(null, new RoomcastException(0, true, "not sent: there is no connection"));
      return;
    }
    link.ask(
        "sendMessage",
        fields,
        (reply, failure) -> outcome.accept(reply == null ? null : sent(reply), failure));
  }

  private static Sent sent(Incoming reply) {
    return new Sent(reply.position(), reply.flag("local"));
  }

  private void keep(
      String room, String fields, BiConsumer<@Nullable Sent, @Nullable RoomcastException> outcome) {
    if (kept >= options.queue()) {
      outcome.accept(
          null,
          new RoomcastException(
              0, true, "not sent: " + kept + " messages are waiting already, and no more may"));
      return;
    }
    Message message = new Message(fields, outcome);
    Line line = lines.computeIfAbsent(room, name -> new Line());
    line.waiting.add(message);
    kept++;
    message.giveUp = loop.after(options.giveUp().toMillis(), () -> late(room, line, message));
    send(room, line);
  }

  /**
   * There is a connection again, or another token: what waits is sent, for the first time or not.
   */
  void resume() {
    for (Map.Entry<String, Line> entry : List.copyOf(lines.entrySet())) {
      send(entry.getKey(), entry.getValue());
    }
  }

  /** The connection is gone. */
  void lost() {
    for (Line line : lines.values()) {
      line.underWay = false;
      line.turn++;
    }
  }

  /** None of them will be sent. */
  void end(RoomcastException why) {
    List<Message> all = new ArrayList<>();
    for (Line line : lines.values()) {
      all.addAll(line.waiting);
      line.waiting.clear();
      line.turn++;
    }
    lines.clear();
    kept = 0;
    for (Message message : all) {
      message.giveUp.cancel();
      String text = (message.tried ? "it may have been sent: " : "not sent: ") + why.getMessage();
      message.outcome.accept(null, new RoomcastException(why.code(), false, text));
    }
  }

  private void send(String room, Line line) {
    Message next = line.waiting.peek();
    if (next == null || line.underWay || !link.connected()) {
      return;
    }
    line.underWay = true;
    next.tried = true;
    int turn = ++line.turn;
    link.ask(
        "sendMessage",
        next.fields,
        (reply, failure) -> {
          if (turn == line.turn) {
            line.underWay = false;
            answered(room, line, next, reply, failure);
          }
        });
  }

  private void answered(
      String room,
      Line line,
      Message message,
      @Nullable Incoming reply,
      @Nullable RoomcastException failure) {
    if (failure == null || reply != null) {
      line.failures = 0;
      settle(room, line, message, reply == null ? null : sent(reply), null);
    } else if (failure.code() == Identity.UNAUTHORIZED && link.refreshable()) {
      link.refresh();
    } else if (failure.temporary()) {
      int turn = line.turn;
      loop.after(
          Math.max(failure.afterMillis(), Backoff.delay(line.failures++)),
          () -> {
            if (turn == line.turn) {
              send(room, line);
            }
          });
    } else {
      settle(room, line, message, null, failure);
    }
  }

  private void settle(
      String room,
      Line line,
      Message message,
      @Nullable Sent sent,
      @Nullable RoomcastException failure) {
    message.giveUp.cancel();
    if (line.waiting.remove(message)) {
      kept--;
    }
    message.outcome.accept(sent, failure);
    if (line.waiting.isEmpty()) {
      lines.remove(room, line);
    } else {
      send(room, line);
    }
  }

  /** Its time is over. One that is under way leaves its place to the next: nobody waits for it. */
  @SuppressWarnings("ReferenceEquality") // The very message.
  private void late(String room, Line line, Message message) {
    if (line.waiting.peek() == message && line.underWay) {
      line.underWay = false;
      line.turn++;
    }
    String time = options.giveUp().toMillis() + " ms";
    settle(
        room,
        line,
        message,
        null,
        new RoomcastException(
            0,
            true,
            message.tried
                ? "given up after " + time + "; it may have been sent"
                : "not sent within " + time));
  }
}
