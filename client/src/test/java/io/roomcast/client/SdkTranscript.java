package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.Position;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Plays one conversation of {@code conformance/sdk}; its README says what the steps mean. */
final class SdkTranscript {
  private static final long PATIENCE = 20_000;

  private final ManualLoop loop = new ManualLoop();
  private final ScriptedServer server = new ScriptedServer();
  private final Map<String, @Nullable Object> names = new HashMap<>();
  private final Map<String, CompletableFuture<?>> calls = new HashMap<>();
  private final Map<String, Room> rooms = new HashMap<>();
  private final Queue<String> told = new ArrayDeque<>();
  private @Nullable RoomcastClient client;
  private long stepBegan;
  private String about = "";

  static void play(String file, String text) {
    SdkTranscript player = new SdkTranscript();
    Map<?, ?> transcript = (Map<?, ?>) Objects.requireNonNull(Tree.read(text));
    List<?> steps = (List<?>) Objects.requireNonNull(transcript.get("steps"));
    assertThat(steps).isNotEmpty();
    int number = 0;
    for (Object step : steps) {
      player.about = file + ", step " + ++number + " " + Tree.write(step);
      player.step((Map<?, ?>) step);
    }
    player.about = file + ", at the end";
    player.loop.advance(5_000);
    assertThat(player.told).as(player.about).isEmpty();
    assertThat(player.server.heard).as(player.about).isEmpty();
    assertThat(player.server.isDialled()).as(player.about + ": it dials again").isFalse();
  }

  private void step(Map<?, ?> step) {
    long before = stepBegan;
    stepBegan = loop.millis();
    if (step.containsKey("app")) {
      app(step);
    } else {
      server(step, before);
    }
    loop.run();
  }

  private void await(BooleanSupplier condition) {
    assertThat(loop.await(PATIENCE, condition)).as(about).isTrue();
  }

  private void app(Map<?, ?> step) {
    switch (text(step, "app")) {
      case "connects" -> connect(step.get("options") instanceof Map<?, ?> map ? map : Map.of());
      case "joins" ->
          call(
              step,
              step.get("tokens") instanceof List<?> tokens
                  ? room(step).join(from(step), source(tokens))
                  : room(step).join(from(step)));
      case "sends" -> {
        boolean quiet = Boolean.FALSE.equals(step.get("echo"));
        SendOptions kept = quiet ? SendOptions.DEFAULT.withoutEcho() : SendOptions.DEFAULT;
        SendOptions how = Boolean.FALSE.equals(step.get("keep")) ? kept.withoutKeeping() : kept;
        call(step, room(step).send(Tree.write(step.get("value")), how));
      }
      case "leaves" -> call(step, room(step).leave());
      case "asks" -> call(step, room(step).presence());
      case "closes" -> client().close();
      case "is" -> {
        ClientState state =
            ClientState.valueOf(text(step, "state").toUpperCase(java.util.Locale.ROOT));
        await(() -> client().state() == state);
      }
      case "gets" -> {
        await(() -> !told.isEmpty());
        assertMatches(step.get("value"), Tree.read(told.remove()));
      }
      case "resolves" -> resolves(step);
      case "rejects" -> rejects(step);
      default -> throw new AssertionError(about + ": no such step");
    }
  }

  private void connect(Map<?, ?> given) {
    ClientOptions options = ClientOptions.DEFAULT;
    if (given.get("name") instanceof String name) {
      options = options.withName(name);
    }
    if (given.get("tokens") instanceof List<?> tokens) {
      options = options.withTokens(source(tokens));
    }
    int queue = given.get("queue") instanceof BigDecimal number ? number.intValue() : 1000;
    long giveUp = given.get("giveUp") instanceof BigDecimal number ? number.longValue() : 60_000;
    options = options.withQueue(queue, Duration.ofMillis(giveUp));
    client = new RoomcastClient(URI.create("ws://localhost:8080/ws"), options, loop, server, loop);
    client().onRoom(room -> rooms.computeIfAbsent(room.name(), name -> listening(room)));
  }

  /** One a call, the last one again and again. */
  private static TokenSource source(List<?> tokens) {
    int[] turn = {0};
    return () ->
        CompletableFuture.completedStage(
            (String) tokens.get(Math.min(turn[0]++, tokens.size() - 1)));
  }

  private RoomcastClient client() {
    return Objects.requireNonNull(client, about);
  }

  private Room room(Map<?, ?> step) {
    return rooms.computeIfAbsent(text(step, "room"), name -> listening(client().room(name)));
  }

  private Room listening(Room room) {
    room.onMessage(message -> told.add(message.json()));
    room.onGap(
        gap -> {
          Map<String, @Nullable Object> json = new LinkedHashMap<>();
          json.put("type", "gap");
          json.put("room", gap.room());
          json.put("reason", gap.reason());
          told.add(Tree.write(json));
        });
    room.onPresence(
        change -> {
          Map<String, @Nullable Object> json = new LinkedHashMap<>();
          json.put("type", change.here() ? "joined" : "left");
          json.put("room", change.room());
          json.put("user", change.user());
          if (!change.info().isEmpty()) {
            json.put("info", Tree.read(change.info()));
          }
          told.add(Tree.write(json));
        });
    room.onRemoved(
        removed -> {
          Map<String, @Nullable Object> json = new LinkedHashMap<>();
          json.put("type", "removed");
          json.put("room", removed.room());
          json.put("code", removed.code());
          told.add(Tree.write(json));
        });
    return room;
  }

  private static JoinFrom from(Map<?, ?> step) {
    if (step.get("since") instanceof Map<?, ?> since) {
      return JoinFrom.since(
          new Position(text(since, "epoch"), Long.parseLong(String.valueOf(since.get("offset")))));
    }
    return step.get("last") instanceof BigDecimal last
        ? JoinFrom.last(last.intValue())
        : JoinFrom.NOW;
  }

  private void call(Map<?, ?> step, CompletableFuture<?> future) {
    if (step.containsKey("call")) {
      calls.put(text(step, "call"), future);
    }
  }

  private CompletableFuture<?> called(Map<?, ?> step) {
    CompletableFuture<?> future = Objects.requireNonNull(calls.get(text(step, "call")), about);
    await(future::isDone);
    return future;
  }

  private void resolves(Map<?, ?> step) {
    Object value = called(step).join();
    if (step.get("value") instanceof Map<?, ?> expected) {
      Position position =
          value instanceof Joined joined
              ? joined.position()
              : value instanceof Sent sent ? sent.position() : Position.NONE;
      Map<String, @Nullable Object> actual = new HashMap<>();
      actual.put("epoch", position.epoch());
      actual.put("offset", BigDecimal.valueOf(position.offset()));
      actual.put("recovered", value instanceof Joined joined && joined.recovered());
      if (value instanceof PresencePage page) {
        actual.put("users", page.users());
        Map<String, @Nullable Object> infos = new HashMap<>();
        page.infos().forEach((user, info) -> infos.put(user, Tree.read(info)));
        actual.put("infos", infos);
        actual.put("more", page.more());
        actual.put("count", BigDecimal.valueOf(page.count()));
      }
      actual.keySet().retainAll(expected.keySet());
      assertMatches(expected, actual);
    }
  }

  private void rejects(Map<?, ?> step) {
    CompletableFuture<?> future = called(step);
    assertThat(future).as(about).isCompletedExceptionally();
    try {
      future.join();
    } catch (CompletionException e) {
      RoomcastException failure = (RoomcastException) Objects.requireNonNull(e.getCause());
      assertThat(BigDecimal.valueOf(failure.code())).as(about).isEqualTo(step.get("code"));
      assertThat(failure.temporary()).as(about).isEqualTo(step.get("temporary"));
      assertThat(failure.getMessage()).as(about).isNotEmpty();
    }
  }

  private void server(Map<?, ?> step, long before) {
    switch (text(step, "server")) {
      case "takes" -> {
        await(server::isDialled);
        if (step.get("notBefore") instanceof BigDecimal millis) {
          assertThat(loop.millis() - before).as(about).isGreaterThanOrEqualTo(millis.longValue());
        }
        server.take();
      }
      case "refuses" -> {
        await(server::isDialled);
        server.refuse();
      }
      case "hears" -> {
        await(() -> !server.heard.isEmpty());
        assertMatches(step.get("value"), Tree.read(server.hear()));
      }
      case "says" -> server.say(Tree.write(filled(step.get("value"))));
      case "ends" ->
          server.end(step.get("code") instanceof BigDecimal code ? code.intValue() : JdkWire.LOST);
      default -> throw new AssertionError(about + ": no such step");
    }
  }

  private void assertMatches(@Nullable Object expected, @Nullable Object actual) {
    assertThat(matches(expected, actual)).as(about + ": it was " + Tree.write(actual)).isTrue();
  }

  private boolean matches(@Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Map<?, ?> fields) {
      return actual instanceof Map<?, ?> others
          && fields.keySet().equals(others.keySet())
          && fields.keySet().stream().allMatch(k -> matches(fields.get(k), others.get(k)));
    }
    if (expected instanceof List<?> list) {
      boolean same = actual instanceof List<?> others && list.size() == others.size();
      for (int i = 0; same && i < list.size(); i++) {
        same = matches(list.get(i), ((List<?>) Objects.requireNonNull(actual)).get(i));
      }
      return same;
    }
    if (expected instanceof String word && word.startsWith("$")) {
      if (!names.containsKey(word)) {
        names.put(word, actual);
      }
      return Objects.equals(names.get(word), actual);
    }
    return switch (String.valueOf(expected)) {
      case "<any>" -> true;
      case "<text>" -> actual instanceof String text && !text.isEmpty();
      case "<whole>" -> actual instanceof BigDecimal number && number.scale() == 0;
      default -> Objects.equals(expected, actual);
    };
  }

  private @Nullable Object filled(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> out = new LinkedHashMap<>();
      map.forEach((key, field) -> out.put(String.valueOf(key), filled(field)));
      return out;
    }
    if (value instanceof String word && word.startsWith("$")) {
      assertThat(names).as(about).containsKey(word);
      return names.get(word);
    }
    return value;
  }

  private static String text(Map<?, ?> step, String field) {
    return (String) Objects.requireNonNull(step.get(field), field);
  }
}
