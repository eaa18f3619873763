package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plays a conversation with a server, whichever it is. */
public final class TranscriptPlayer {

  /** One client's end of its connection. */
  public interface Wire {
    void say(String text);

    void sayBinary(byte[] bytes);

    /** The next frame. Waits for it for a bounded time, and fails when none comes. */
    String hear();

    /** The code that the server closes with. Waits and fails as {@link #hear} does. */
    int closed();

    void leave();
  }

  private final Transcript transcript;
  private final Supplier<Wire> connect;
  private final Map<String, Wire> clients = new LinkedHashMap<>();
  private int silences;

  private TranscriptPlayer(Transcript transcript, Supplier<Wire> connect) {
    this.transcript = transcript;
    this.connect = connect;
  }

  /** Plays it through. */
  public static void play(Transcript transcript, Supplier<Wire> connect) {
    assertThat(transcript.steps()).isNotEmpty();
    TranscriptPlayer player = new TranscriptPlayer(transcript, connect);
    try {
      player.play();
    } finally {
      player.clients.values().forEach(Wire::leave);
    }
  }

  private void play() {
    int number = 0;
    for (Transcript.Step step : transcript.steps()) {
      String about = transcript.name() + ", step " + ++number + " " + step;
      Wire wire = clients.computeIfAbsent(step.client(), name -> connect.get());
      for (int i = 0; i < step.times(); i++) {
        play(step, wire, about);
      }
    }
    clients.values().forEach(wire -> silence(wire, transcript.name() + ", at the end"));
  }

  private void play(Transcript.Step step, Wire wire, String about) {
    Object value = Objects.requireNonNull(JsonTree.read(step.json()), about);
    switch (step.action()) {
      case "says" -> wire.say(step.json());
      case "saysText" -> wire.say((String) value);
      case "saysBinary" -> wire.sayBinary(((String) value).getBytes(UTF_8));
      case "hears" -> hears(List.of(value), wire, about);
      case "hearsText" -> assertThat(wire.hear()).as(about).isEqualTo(value);
      case "hearsInAnyOrder" -> hears((List<?>) value, wire, about);
      case "silence" -> silence(wire, about);
      case "closed" -> {
        assertThat((long) wire.closed()).as(about).isEqualTo(value);
        clients.values().remove(wire);
      }
      case "leaves" -> {
        wire.leave();
        clients.values().remove(wire);
      }
      default -> throw new AssertionError(about + ": no such step");
    }
  }

  private void silence(Wire wire, String about) {
    String id = "\"silence " + ++silences + "\"";
    wire.say("{\"type\":\"ping\",\"id\":" + id + "}");
    assertThat(wire.hear()).as(about).isEqualTo("{\"type\":\"pong\",\"id\":" + id + "}");
  }

  private static void hears(List<?> expected, Wire wire, String about) {
    List<@Nullable Object> open = new ArrayList<>(expected);
    for (int i = 0; i < expected.size(); i++) {
      String heard = wire.hear();
      Object frame = JsonTree.read(heard);
      int at = 0;
      while (at < open.size() && !matches(open.get(at), frame)) {
        at++;
      }
      assertThat(at).as(about + ": heard " + heard).isLessThan(open.size());
      open.remove(at);
    }
  }

  static boolean matches(@Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Map<?, ?> fields && actual instanceof Map<?, ?> others) {
      return fields.keySet().equals(others.keySet())
          && fields.keySet().stream().allMatch(k -> matches(fields.get(k), others.get(k)));
    }
    if (expected instanceof List<?> list && actual instanceof List<?> others) {
      boolean same = list.size() == others.size();
      for (int i = 0; same && i < list.size(); i++) {
        same = matches(list.get(i), others.get(i));
      }
      return same;
    }
    return switch (String.valueOf(expected)) {
      case "<any>" -> true;
      case "<text>" -> actual instanceof String text && !text.isEmpty();
      case "<whole>" -> actual instanceof Long;
      default -> Objects.equals(expected, actual);
    };
  }
}
