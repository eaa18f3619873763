package io.roomcast.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Utf8;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request's body that is one JSON object, each field as it was written. Nothing is there that was
 * not asked for: a field of another name is an error, so that a slip does not pass in silence.
 */
record JsonBody(Map<String, byte[]> fields) {

  /**
   * Takes a body apart; an empty one has no fields.
   *
   * @param known the fields that there may be
   */
  static JsonBody parse(byte[] body, Set<String> known) throws Problem {
    if (body.length == 0) {
      return new JsonBody(Map.of());
    }
    if (!Utf8.isValid(body, 0, body.length)) {
      throw Problem.malformed("expected JSON in UTF-8");
    }
    Map<String, byte[]> fields = new HashMap<>();
    try (JsonParser parser = Json.parser(body, 0, body.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Problem.malformed("expected one JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        if (!known.contains(name)) {
          throw Problem.invalidField(
              "a field that is not known here; expected " + String.join(", ", known));
        }
        if (fields.put(name, Arrays.copyOfRange(body, start, end)) != null) {
          throw Problem.invalidField(name + " is given twice");
        }
      }
      if (parser.nextToken() != null) {
        throw Problem.malformed("expected one JSON object, and nothing behind it");
      }
    } catch (IOException e) {
      throw Problem.malformed("expected one JSON object in UTF-8, nested at most 64 levels deep");
    }
    return new JsonBody(fields);
  }

  /** A field's value as it was written; empty when it is not there. */
  byte[] raw(String name) {
    return fields.getOrDefault(name, new byte[0]);
  }

  /** A field that is a string; empty when it is not there. */
  String text(String name) throws Problem {
    byte[] raw = raw(name);
    if (raw.length == 0) {
      return "";
    }
    try (JsonParser parser = Json.parser(raw, 0, raw.length)) {
      if (parser.nextToken() == JsonToken.VALUE_STRING) {
        return parser.getText();
      }
    } catch (IOException e) {
      throw new IllegalStateException("was read before", e);
    }
    throw Problem.invalidField(name + " must be a string");
  }

  /** A field that is true or false; false when it is not there. */
  boolean flag(String name) throws Problem {
    return switch (new String(raw(name), java.nio.charset.StandardCharsets.UTF_8)) {
      case "", "false" -> false;
      case "true" -> true;
      default -> throw Problem.invalidField(name + " must be true or false");
    };
  }

  /** A field that is an array of strings; none when it is not there. */
  List<String> texts(String name) throws Problem {
    byte[] raw = raw(name);
    List<String> texts = new ArrayList<>();
    if (raw.length == 0) {
      return texts;
    }
    try (JsonParser parser = Json.parser(raw, 0, raw.length)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        JsonToken token;
        while ((token = parser.nextToken()) == JsonToken.VALUE_STRING) {
          texts.add(parser.getText());
        }
        if (token == JsonToken.END_ARRAY) {
          return texts;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("was read before", e);
    }
    throw Problem.invalidField(name + " must be an array of strings");
  }
}
