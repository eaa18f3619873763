package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the commands of one text frame: a JSON object, or an array of them.
 *
 * <p>A frame that is not well-formed JSON throughout gives one {@link Command.Rejected} and nothing
 * else: no part of it is carried out. In a well-formed frame each command stands for itself.
 */
public final class CommandReader {
  private static final String EXPECTED =
      "expected a JSON object such as {\"type\":\"SUBSCRIBE\",\"room\":\"room1\"}, or an array of"
          + " them";

  private CommandReader() {}

  /**
   * Reads one frame. Never throws for what a client may send, and keeps no reference to the bytes.
   *
   * @param bytes holds the frame's text, already known to be valid UTF-8
   */
  public static List<Command> read(byte[] bytes, int offset, int length) {
    JsonParser parser;
    try {
      parser = Json.parser(bytes, offset, length);
    } catch (IOException e) {
      return List.of(malformed("not readable as JSON"));
    }
    try (parser) {
      return frame(parser, bytes, offset);
    } catch (StreamConstraintsException e) {
      return List.of(malformed("nested deeper than " + WireLimits.NESTING + " levels"));
    } catch (IOException e) {
      long at = parser.currentLocation().getByteOffset();
      return List.of(malformed("not valid JSON near byte " + at + "; " + EXPECTED));
    }
  }

  private static List<Command> frame(JsonParser parser, byte[] bytes, int offset)
      throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return List.of(malformed("an empty frame; " + EXPECTED));
    }
    if (first != JsonToken.START_ARRAY) {
      Command only = command(parser, bytes, offset);
      parser.nextToken();
      return parser.currentToken() == null
          ? List.of(only)
          : List.of(malformed("more than one JSON value in a frame; " + EXPECTED));
    }
    List<Command> commands = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      commands.add(command(parser, bytes, offset));
    }
    if (parser.nextToken() != null) {
      return List.of(malformed("more than one JSON value in a frame; " + EXPECTED));
    }
    return commands.isEmpty() ? List.of(malformed("an empty array; " + EXPECTED)) : commands;
  }

  private static Command command(JsonParser parser, byte[] bytes, int offset) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      String found = CommandFields.kind(parser.currentToken());
      parser.skipChildren();
      // A scalar is read lazily: only this finds a flaw in its later part.
      parser.finishToken();
      return malformed(found + " where a command was due; " + EXPECTED);
    }
    CommandFields fields = new CommandFields();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      fields.take(parser, bytes, offset);
    }
    return fields.command();
  }

  private static Command malformed(String text) {
    return new Command.Rejected("", ErrorCode.MALFORMED, text);
  }
}
