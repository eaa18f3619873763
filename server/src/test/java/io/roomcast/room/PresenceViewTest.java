package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.PresenceEvent;
import io.roomcast.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever comes late, is lost or is read at whatever moment: members are told in pairs. */
final class PresenceViewTest {
  private static final int RUNS = 3_000;
  private static final int STEPS = 120;
  private static final List<String> NAMES = List.of("ann", "ben", "cal", "dan");

  @Test
  void joinedAndLeftTakeTurnsAndTheEndIsTheTruth() {
    int interruptions = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      World world = new World(new Random(seed));
      for (int i = 0; i < STEPS; i++) {
        world.step();
      }
      world.end();
      interruptions += world.interruptions;
      assertThat(world.flaws).as("seed " + seed).isEmpty();
      assertThat(world.told).as("seed " + seed).isEqualTo(world.truth.keySet());
      assertThat(world.infos()).as("seed " + seed).isEqualTo(world.truth);
    }
    assertThat(interruptions).as("or nothing was tried").isGreaterThan(RUNS);
  }

  @Test
  void aViewOfManyIsReadInParts() {
    ManualTime time = new ManualTime();
    TreeMap<String, String> truth = new TreeMap<>();
    for (int i = 0; i < 2_500; i++) {
      truth.put("user " + i, i % 2 == 0 ? "" : "{\"n\":" + i + "}");
    }
    List<String> asked = new ArrayList<>();
    PresenceView view =
        new PresenceView("r", new World.Reader(asked::add, truth), time, (room, event) -> {});
    view.confirmed();
    assertThat(asked).hasSize(3);
    Presence.Page page = Objects.requireNonNull(view.page("user 1", 10));
    assertThat(page.count()).isEqualTo(2_500);
    assertThat(page.users()).startsWith("user 10", "user 100").hasSize(10);
    assertThat(page.more()).isTrue();
    assertThat(page.infos())
        .containsEntry("user 1001", "{\"n\":1001}")
        .doesNotContainKey("user 100");
  }

  @Test
  void whatIsKnownOfManyComesInBoundedParts() {
    TreeMap<String, String> truth = new TreeMap<>();
    for (int i = 1000; i < 1500; i++) {
      truth.put("user " + i, "\"" + "é".repeat(511) + "\"");
    }
    PresenceView view =
        new PresenceView(
            "r", new World.Reader(after -> {}, truth), new ManualTime(), (room, event) -> {});
    view.confirmed();
    List<String> users = new ArrayList<>();
    Presence.Page page;
    do {
      String after = users.isEmpty() ? "" : users.getLast();
      page = Objects.requireNonNull(view.page(after, 1000)).bounded();
      assertThat(page.infos()).hasSizeBetween(200, 256).containsOnlyKeys(page.users());
      assertThat(page.count()).isEqualTo(500);
      users.addAll(page.users());
    } while (page.more());
    assertThat(users).containsExactlyElementsOf(truth.keySet());
  }

  /** What is true, what is on its way, and what the members believe. */
  private static final class World {
    final Random random;
    final ManualTime time = new ManualTime();

    /** Who is there, and what is known of each. */
    final TreeMap<String, String> truth = new TreeMap<>();

    final TreeSet<String> told = new TreeSet<>();
    final Map<String, Boolean> last = new HashMap<>();
    final List<String> flaws = new ArrayList<>();
    final ArrayDeque<PresenceEvent> onItsWay = new ArrayDeque<>();

    /** Asked and not read yet; read and not answered yet. */
    final ArrayDeque<Question> asked = new ArrayDeque<>();

    final ArrayDeque<Runnable> read = new ArrayDeque<>();
    final PresenceView view;
    boolean connected = true;
    int interruptions;

    record Question(String after, int limit, Presence.PageCallback callback) {}

    World(Random random) {
      this.random = random;
      Reader reader =
          new Reader(after -> {}, truth) {
            @Override
            public void read(String room, String after, int limit, PageCallback callback) {
              // Pages of two, so that much can happen between them.
              asked.add(new Question(after, 2, callback));
            }
          };
      view = new PresenceView("r", reader, time, (room, event) -> tell(event));
      for (String name : NAMES) {
        if (random.nextBoolean()) {
          // Was there before the node wanted the room: who asks is told so.
          truth.put(name, info());
          told.add(name);
        }
      }
      view.confirmed();
      while (!asked.isEmpty()) {
        lookUp(1);
        answer();
      }
    }

    void tell(PresenceEvent event) {
      boolean news = event.joined() ? told.add(event.user()) : told.remove(event.user());
      Boolean before = last.put(event.user(), event.joined());
      if (!news || (before != null && before == event.joined())) {
        flaws.add(event + " twice");
      }
    }

    void step() {
      switch (random.nextInt(8)) {
        case 0, 1 -> change();
        case 2, 3 -> deliver();
        case 4 -> lookUp(random.nextInt(10));
        case 5 -> answer();
        case 6 -> {
          time.advance(Duration.ofMillis(500));
          view.tick();
        }
        default -> {
          if (random.nextInt(4) == 0) {
            interrupt();
          }
        }
      }
    }

    void change() {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      // Who is there may come once more, and bring another info.
      boolean joins = !truth.containsKey(name) || random.nextInt(4) == 0;
      String info = joins ? info() : "";
      if (joins) {
        truth.put(name, info);
      } else {
        truth.remove(name);
      }
      if (connected) {
        onItsWay.add(new PresenceEvent(name, joins, info));
      }
    }

    String info() {
      int number = random.nextInt(3);
      return number == 0 ? "" : Integer.toString(number);
    }

    /** As who asks is told. */
    Map<String, String> infos() {
      Presence.Page page = Objects.requireNonNull(view.page("", 10));
      Map<String, String> all = new TreeMap<>();
      page.users().forEach(user -> all.put(user, page.infos().getOrDefault(user, "")));
      return all;
    }

    void deliver() {
      PresenceEvent event = onItsWay.poll();
      if (event != null) {
        view.take(event);
      }
    }

    /** With 0 that is not possible. */
    void lookUp(int luck) {
      Question question = asked.poll();
      if (question != null) {
        if (luck == 0) {
          read.add(() -> question.callback().done(null));
        } else {
          Presence.Page page = Reader.page(truth, question.after(), question.limit());
          read.add(() -> question.callback().done(page));
        }
      }
    }

    void answer() {
      Runnable answer = read.poll();
      if (answer != null) {
        answer.run();
      }
    }

    void interrupt() {
      connected = !connected;
      if (!connected) {
        interruptions++;
        onItsWay.clear();
        view.interrupted();
      } else {
        view.confirmed();
      }
    }

    void end() {
      if (!connected) {
        interrupt();
      }
      for (int i = 0; i < 40; i++) {
        while (!onItsWay.isEmpty() || !asked.isEmpty() || !read.isEmpty()) {
          deliver();
          lookUp(1);
          answer();
        }
        time.advance(Duration.ofSeconds(1));
        view.tick();
      }
    }

    /** Answers at once. */
    private static class Reader implements Presence {
      private final java.util.function.Consumer<String> asked;
      private final NavigableMap<String, String> truth;

      Reader(java.util.function.Consumer<String> asked, NavigableMap<String, String> truth) {
        this.asked = asked;
        this.truth = truth;
      }

      static Page page(NavigableMap<String, String> truth, String after, int limit) {
        NavigableMap<String, String> rest = truth.tailMap(after, false);
        List<String> users = rest.keySet().stream().limit(limit).toList();
        Map<String, String> infos = new TreeMap<>(rest);
        infos.keySet().retainAll(users);
        infos.values().removeIf(String::isEmpty);
        return new Page(users, infos, rest.size() > limit, truth.size(), 0);
      }

      @Override
      public void read(String room, String after, int limit, PageCallback callback) {
        asked.accept(after);
        callback.done(page(truth, after, limit));
      }

      @Override
      public void start(Local local) {}

      @Override
      public void changed(String room, String user) {}

      @Override
      public void close() {}
    }
  }
}
