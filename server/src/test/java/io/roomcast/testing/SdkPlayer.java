package io.roomcast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.client.ClientState;
import io.roomcast.client.Gap;
import io.roomcast.client.Room;
import io.roomcast.client.RoomEvent;
import io.roomcast.client.RoomcastClient;
import io.roomcast.client.RoomcastException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Plays a conversation by the Java client, as {@code conformance/README.md} says that a client
 * library does it.
 */
public final class SdkPlayer {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Set<String> EVENTS = Set.of("message", "gap", "joined", "left");

  private final URI uri;
  private final Transcript transcript;
  private final Map<String, Player> players = new LinkedHashMap<>();

  private SdkPlayer(Transcript transcript, URI uri) {
    this.transcript = transcript;
    this.uri = uri;
  }

  /** Plays what can be said; gives how many steps that were. */
  public static int play(Transcript transcript, URI uri) throws Exception {
    List<Transcript.Step> steps = SdkWords.playable(transcript.steps());
    if (transcript.websocket() || steps.stream().noneMatch(s -> s.action().startsWith("hears"))) {
      return 0;
    }
    SdkPlayer player = new SdkPlayer(transcript, uri);
    try {
      player.play(steps);
    } finally {
      player.players.values().forEach(one -> one.client.close());
    }
    return steps.size();
  }

  private void play(List<Transcript.Step> steps) throws Exception {
    int number = 0;
    for (Transcript.Step step : steps) {
      String about = transcript.name() + ", step " + ++number + " " + step;
      Player player = players.computeIfAbsent(step.client(), name -> new Player());
      for (int i = 0; i < step.times(); i++) {
        play(player, step, about);
      }
    }
    for (Player player : players.values()) {
      player.silence(transcript.name() + ", at the end");
    }
  }

  private void play(Player player, Transcript.Step step, String about) throws Exception {
    Object value = Objects.requireNonNull(JsonTree.read(step.json()), about);
    switch (step.action()) {
      case "says" -> player.say(step.json());
      case "saysText" -> player.say((String) value);
      case "hears" -> player.hear(List.of(value), about);
      case "hearsText" -> player.hear(List.of(JsonTree.read((String) value)), about);
      case "hearsInAnyOrder" -> player.hear((List<?>) value, about);
      case "silence" -> player.silence(about);
      case "closed" -> {
        Awaitility.await().atMost(WAIT).until(() -> player.client.state() == ClientState.CLOSED);
        assertThat((long) player.client.lastChange().code()).as(about).isEqualTo(value);
        players.values().remove(player);
      }
      case "leaves" -> {
        player.client.close();
        players.values().remove(player);
      }
      default -> throw new AssertionError(about + ": no such step");
    }
  }

  /** One client of the conversation: what the library tells its application, as frames. */
  private final class Player {
    private final RoomcastClient client = RoomcastClient.connect(uri);
    private final Map<String, Room> rooms = new HashMap<>();
    private final Deque<Map<?, ?>> heard = new ArrayDeque<>();

    Player() {
      Awaitility.await().atMost(WAIT).until(() -> client.state() == ClientState.CONNECTED);
    }

    private Room room(String name) {
      return rooms.computeIfAbsent(
          name,
          key -> {
            Room room = client.room(key);
            room.onMessage(this::told);
            room.onGap(this::told);
            room.onPresence(this::told);
            return room;
          });
    }

    /** Without the gaps of the client's own: the reply has said that nothing was recovered. */
    private void told(RoomEvent event) {
      if (!(event instanceof Gap gap && gap.reason().equals("connection"))) {
        hear(SdkWords.tree(event.json()));
      }
    }

    private synchronized void hear(Map<?, ?> frame) {
      heard.add(frame);
      notifyAll();
    }

    /** Without an id nobody waits on the wire; here the next step does, so that it comes after. */
    void say(String json) throws Exception {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (SdkWords.Saying saying : SdkWords.sayings(json)) {
        all.add(
            saying
                .call(room(saying.room()))
                .handle(
                    (reply, failure) -> {
                      answered(saying, reply, failure);
                      return true;
                    }));
      }
      for (CompletableFuture<?> one : all) {
        one.get(WAIT.toSeconds(), TimeUnit.SECONDS);
      }
    }

    private void answered(
        SdkWords.Saying saying, @Nullable Map<String, Object> reply, @Nullable Throwable failure) {
      if (reply != null && saying.answered()) {
        reply.putAll(saying.id());
        hear(reply);
      } else if (failure != null) {
        hear(error(saying, failure));
      }
    }

    private Map<String, Object> error(SdkWords.Saying saying, Throwable failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      if (!(cause instanceof RoomcastException refused)) {
        throw new AssertionError(failure);
      }
      Map<String, Object> frame = new LinkedHashMap<>(saying.id());
      frame.put("type", "error");
      frame.put("code", (long) refused.code());
      frame.put("text", String.valueOf(refused.getMessage()));
      frame.put("temporary", refused.temporary());
      return frame;
    }

    void hear(List<?> expected, String about) throws Exception {
      List<@Nullable Object> open = new ArrayList<>(expected);
      while (!open.isEmpty()) {
        boolean event = isEvent(open.get(0));
        Map<?, ?> frame = next(event, about);
        int at = 0;
        while (at < open.size() && !TranscriptPlayer.matches(withoutWord(open.get(at)), frame)) {
          at++;
        }
        assertThat(at).as(about + ": heard " + frame).isLessThan(open.size());
        open.remove(at);
      }
    }

    /** The word of an error is for people who read the wire; an application has its number. */
    private @Nullable Object withoutWord(@Nullable Object frame) {
      if (!(frame instanceof Map<?, ?> fields) || !fields.containsKey("error")) {
        return frame;
      }
      Map<Object, @Nullable Object> rest = new LinkedHashMap<>(fields);
      rest.remove("error");
      return rest;
    }

    private boolean isEvent(@Nullable Object frame) {
      return frame instanceof Map<?, ?> fields && EVENTS.contains(fields.get("type"));
    }

    /** The next of a kind: between what a promise gives and what a listener hears is no order. */
    private synchronized Map<?, ?> next(boolean event, String about) throws Exception {
      long until = System.nanoTime() + WAIT.toNanos();
      while (true) {
        for (Map<?, ?> frame : heard) {
          if (isEvent(frame) == event) {
            heard.remove(frame);
            return frame;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0) {
          throw new TimeoutException(about + ": nothing was heard; there is " + heard);
        }
        wait(left);
      }
    }

    /** An answer comes after all that was on its way. */
    void silence(String about) throws Exception {
      client.room("nobody is here").send("0").get(WAIT.toSeconds(), TimeUnit.SECONDS);
      synchronized (this) {
        assertThat(heard).as(about).isEmpty();
      }
    }
  }
}
