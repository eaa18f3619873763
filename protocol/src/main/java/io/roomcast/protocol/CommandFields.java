package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gathers one command's fields, in whatever order they come, and then judges them as a whole. */
final class CommandFields {
  private static final String TYPES =
      "connect, SUBSCRIBE, UNSUBSCRIBE, sendMessage, history, presence, refresh or ping";

  private String id = "";
  private @Nullable String type;
  private @Nullable String room;
  private byte @Nullable [] message;
  private @Nullable String token;
  private @Nullable String session;
  private @Nullable String name;
  private @Nullable String key;
  private @Nullable Boolean echo;
  private @Nullable Boolean counts;
  private @Nullable Position since;
  private @Nullable String after;
  private @Nullable Long before;
  private @Nullable Long limit;
  private @Nullable Long last;

  /** The first thing found wrong. The rest is still read, since an {@code id} may come late. */
  private @Nullable String flaw;

  /** Takes the field whose name is the parser's current token, with its value. */
  void take(JsonParser parser, byte[] bytes, int offset) throws IOException {
    String field = parser.currentName();
    parser.nextToken();
    switch (field) {
      case "id" -> takeId(parser, bytes, offset);
      case "type" -> type = text(parser, field, type, Integer.MAX_VALUE);
      case "room", "roomId" -> takeRoom(parser, field);
      case "message", "content" -> takeMessage(parser, field, bytes, offset);
      case "token" -> token = text(parser, field, token, WireLimits.TOKEN_CHARS);
      case "session" -> session = text(parser, field, session, WireLimits.NAME_BYTES);
      case "name" -> name = text(parser, field, name, WireLimits.NAME_BYTES);
      case "key" -> key = text(parser, field, key, WireLimits.NAME_BYTES);
      case "echo" -> echo = bool(parser, field, echo);
      case "counts" -> counts = bool(parser, field, counts);
      case "after" -> after = text(parser, field, after, WireLimits.NAME_BYTES);
      case "before" -> before = whole(parser, field, before, 1, Long.MAX_VALUE);
      case "limit" -> limit = whole(parser, field, limit, 1, WireLimits.PAGE);
      case "last" -> last = whole(parser, field, last, 1, WireLimits.PAGE);
      case "since" -> takeSince(parser);
      default -> skip(parser);
    }
  }

  private void takeId(JsonParser parser, byte[] bytes, int offset) throws IOException {
    JsonToken token = parser.currentToken();
    byte[] raw = raw(parser, bytes, offset);
    if (!id.isEmpty()) {
      flaw("id is given twice");
    } else if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_STRING) {
      flaw("id must be a whole number or a string, but is " + kind(token));
    } else if (raw.length > WireLimits.ID_BYTES) {
      flaw("id must be at most " + WireLimits.ID_BYTES + " bytes");
    } else {
      id = new String(raw, StandardCharsets.UTF_8);
    }
  }

  private void takeRoom(JsonParser parser, String field) throws IOException {
    String value = text(parser, field, room, Integer.MAX_VALUE);
    if (value != null) {
      String wrong = RoomName.flaw(value);
      if (!wrong.isEmpty()) {
        flaw(field + " " + wrong);
      }
    }
    room = value;
  }

  private void takeMessage(JsonParser parser, String field, byte[] bytes, int offset)
      throws IOException {
    byte[] raw = raw(parser, bytes, offset);
    if (message != null) {
      flaw(field + " is given twice (content is another name for message)");
    }
    message = raw;
  }

  private void takeSince(JsonParser parser) throws IOException {
    if (since != null) {
      flaw("since is given twice");
    }
    JsonToken token = parser.currentToken();
    if (token != JsonToken.START_OBJECT) {
      flaw("since must be an object such as {\"epoch\":\"…\",\"offset\":7}, but is " + kind(token));
      skip(parser);
      return;
    }
    String epoch = null;
    Long offset = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "epoch" -> epoch = text(parser, "epoch in since", epoch, WireLimits.EPOCH_BYTES);
        case "offset" -> offset = whole(parser, "offset in since", offset, 0, Long.MAX_VALUE);
        default -> skip(parser);
      }
    }
    if (epoch == null || epoch.isEmpty() || offset == null) {
      flaw("since needs an epoch, which is not empty, and an offset");
    } else {
      since = new Position(epoch, offset);
    }
  }

  private @Nullable Boolean bool(JsonParser parser, String field, @Nullable Boolean earlier)
      throws IOException {
    JsonToken token = parser.currentToken();
    Boolean value = earlier;
    if (earlier != null) {
      flaw(field + " is given twice");
    } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      value = token == JsonToken.VALUE_TRUE;
    } else {
      flaw(field + " must be true or false, but is " + kind(token));
    }
    skip(parser);
    return value;
  }

  private @Nullable Long whole(
      JsonParser parser, String field, @Nullable Long earlier, long least, long most)
      throws IOException {
    JsonToken token = parser.currentToken();
    Long value = earlier;
    if (earlier != null) {
      flaw(field + " is given twice");
    } else if (token != JsonToken.VALUE_NUMBER_INT) {
      flaw(field + " must be a whole number, but is " + kind(token));
    } else {
      BigInteger number = parser.getBigIntegerValue();
      if (number.bitLength() > 63 || number.longValue() < least || number.longValue() > most) {
        flaw(
            field
                + " must be "
                + (most == Long.MAX_VALUE ? least + " or more" : least + " to " + most));
      } else {
        value = number.longValue();
      }
    }
    skip(parser);
    return value;
  }

  private @Nullable String text(JsonParser parser, String field, @Nullable String earlier, int most)
      throws IOException {
    if (earlier != null) {
      flaw(field + " is given twice" + (field.startsWith("room") ? " (room and roomId)" : ""));
    }
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      flaw(field + " must be a string, but is " + kind(parser.currentToken()));
      skip(parser);
      return earlier;
    }
    String value = parser.getText();
    if (value.getBytes(StandardCharsets.UTF_8).length > most) {
      flaw(field + " must be at most " + most + " bytes of UTF-8");
    }
    return value;
  }

  private static byte[] raw(JsonParser parser, byte[] bytes, int offset) throws IOException {
    int start = offset + (int) parser.currentTokenLocation().getByteOffset();
    skip(parser);
    int end = offset + (int) parser.currentLocation().getByteOffset();
    return Arrays.copyOfRange(bytes, start, end);
  }

  private static void skip(JsonParser parser) throws IOException {
    parser.skipChildren();
    parser.finishToken();
  }

  private void flaw(String text) {
    if (flaw == null) {
      flaw = text;
    }
  }

  /** What the gathered fields say. */
  Command command() {
    if (flaw != null) {
      return rejected(ErrorCode.INVALID_FIELD, flaw);
    }
    if (type == null) {
      return rejected(ErrorCode.INVALID_FIELD, "type is missing; expected " + TYPES);
    }
    return switch (type) {
      case "SUBSCRIBE" -> room == null ? noRoom() : subscribe(room);
      case "UNSUBSCRIBE" -> room == null ? noRoom() : new Command.Unsubscribe(id, room);
      case "sendMessage" -> send();
      case "connect" -> new Command.Connect(id, or(token), or(session), or(name));
      case "history" -> room == null ? noRoom() : history(room);
      case "presence" ->
          room == null
              ? noRoom()
              : new Command.Presence(
                  id, room, counts != null && counts, or(after), or(limit, WireLimits.SHORT_PAGE));
      case "refresh" ->
          token == null
              ? rejected(ErrorCode.INVALID_FIELD, "token is missing")
              : new Command.Refresh(id, token);
      case "ping" -> new Command.Ping(id);
      default ->
          rejected(ErrorCode.UNKNOWN_TYPE, "unknown type " + excerpt(type) + "; expected " + TYPES);
    };
  }

  private Command subscribe(String to) {
    if (since != null && last != null) {
      return rejected(ErrorCode.INVALID_FIELD, "either since or last, not both");
    }
    return new Command.Subscribe(id, to, or(since), or(last, 0), or(token));
  }

  private Command history(String of) {
    if (since != null && before != null) {
      return rejected(ErrorCode.INVALID_FIELD, "either since or before, not both");
    }
    return new Command.History(
        id,
        of,
        or(since),
        before == null ? Long.MAX_VALUE : before,
        or(limit, WireLimits.SHORT_PAGE));
  }

  private Command send() {
    if (room == null) {
      return noRoom();
    }
    if (message == null) {
      return rejected(
          ErrorCode.INVALID_FIELD, "message is missing; expected any JSON value (or content)");
    }
    return new Command.Send(id, room, message, or(key), echo == null || echo);
  }

  private Command noRoom() {
    return rejected(
        ErrorCode.INVALID_FIELD, "room is missing; expected a string such as \"room1\"");
  }

  private Command rejected(ErrorCode code, String text) {
    return new Command.Rejected(id, code, text);
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Position or(@Nullable Position position) {
    return position == null ? Position.NONE : position;
  }

  private static int or(@Nullable Long number, int otherwise) {
    return number == null ? otherwise : number.intValue();
  }

  private static String excerpt(String text) {
    StringBuilder out = new StringBuilder();
    Json.quote(text.length() <= 40 ? text : text.substring(0, 40) + "…", out);
    return out.toString();
  }

  /** A token in words that a person knows. */
  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }
}
