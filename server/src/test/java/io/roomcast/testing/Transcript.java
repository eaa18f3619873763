package io.roomcast.testing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.roomcast.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One conversation out of {@code conformance/}, whose README says what it may hold.
 *
 * @param websocket whether it needs a real WebSocket
 */
public record Transcript(String name, boolean websocket, List<Step> steps) {
  /** What the server is started with. */
  public static final List<String> RULES =
      List.of(
          "kept:* log=5/1h",
          "here:* presence=0s",
          "closed:* join=server send=server members=server history=server");

  // Maven runs the tests of a module in its own folder.
  private static final Path FOLDER = Path.of("..", "conformance");

  /**
   * One step.
   *
   * @param json the action's value, as it stands in the file
   */
  public record Step(String client, String action, String json, int times) {}

  /** All of them. */
  public static List<Transcript> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Transcript::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Transcript read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      boolean websocket = false;
      List<Step> steps = new ArrayList<>();
      try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String field = parser.currentName();
          parser.nextToken();
          switch (field) {
            case "over" -> websocket = parser.getText().equals("websocket");
            case "steps" -> {
              while (parser.nextToken() != JsonToken.END_ARRAY) {
                steps.add(step(parser, bytes));
              }
            }
            default -> parser.skipChildren();
          }
        }
      }
      return new Transcript(String.valueOf(file.getFileName()), websocket, steps);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static Step step(JsonParser parser, byte[] bytes) throws IOException {
    String client = "";
    String action = "";
    String json = "";
    int times = 1;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "client" -> client = parser.getText();
        case "times" -> times = parser.getIntValue();
        default -> {
          action = field;
          json = raw(parser, bytes);
        }
      }
    }
    return new Step(client, action, json, times);
  }

  private static String raw(JsonParser parser, byte[] bytes) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
