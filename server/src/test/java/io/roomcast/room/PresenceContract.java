package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.roomcast.config.RuleReader;
import io.roomcast.room.Presence.Stay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Presence} promises, whoever implements it. */
public abstract class PresenceContract {
  /** To be given to the broker. */
  public static final Rulebook RULES = RuleReader.book(List.of("p* presence", "q* presence=0s"));

  protected final String room = "p " + UUID.randomUUID() + " {}/äöü😀\"";
  private Station here;

  /** A node that is not started yet. */
  protected abstract Station create();

  /** Where users come and go; this node unless there are several. */
  protected Station elsewhere() {
    return here;
  }

  /** One node's presence, its broker, and what it has to state. */
  public static final class Station implements Presence.Local, AutoCloseable {
    public final RecordingEvents events = new RecordingEvents();
    public final AtomicInteger unsure = new AtomicInteger();
    private final AtomicLong arrivals = new AtomicLong();
    private final Broker broker;
    private final Presence presence;
    private final Map<String, Map<String, Stay>> rooms = new ConcurrentHashMap<>();

    public Station(Broker broker, Presence presence) {
      this.broker = broker;
      this.presence = presence;
    }

    /** Begins, and wants a room. */
    public Station start(String room) {
      broker.start(events);
      presence.start(this);
      broker.subscribe(room, 1);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> broker.health().ready() && events.of(room).contains("subscribed 1"));
      return this;
    }

    /** A user has so many sessions now. */
    public void set(String room, String user, int sessions) {
      set(room, user, sessions, "");
    }

    /** The same; and the last session to come has brought an info, when that is not empty. */
    public void set(String room, String user, int sessions, String info) {
      Map<String, Stay> users = rooms.computeIfAbsent(room, r -> new ConcurrentHashMap<>());
      if (sessions == 0) {
        users.remove(user);
      } else {
        users.compute(
            user,
            (name, before) -> {
              Stay known = before == null ? Stay.NONE : before;
              return info.isEmpty()
                  ? new Stay(sessions, known.arrival(), known.info())
                  : new Stay(sessions, arrivals.incrementAndGet(), info);
            });
      }
      presence.changed(room, user);
    }

    public Presence.@Nullable Page read(String room, String after, int limit) {
      CompletableFuture<Presence.Page> done = new CompletableFuture<>();
      presence.read(room, after, limit, done::complete);
      return done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Everybody who is there; empty when that cannot be known. */
    public List<String> who(String room) {
      Presence.Page page = read(room, "", 1000);
      return page == null ? List.of() : page.users();
    }

    /** What is known of everybody who is there. */
    public Map<String, String> infos(String room) {
      Presence.Page page = read(room, "", 1000);
      return page == null ? Map.of() : page.infos();
    }

    /** What was told of who came and went. */
    public List<String> told(String room) {
      return events.of(room).stream().filter(e -> e.matches("(joined|left) .*")).toList();
    }

    @Override
    public Stay stay(String room, String user) {
      return rooms.getOrDefault(room, Map.of()).getOrDefault(user, Stay.NONE);
    }

    @Override
    public List<String> rooms() {
      return rooms.entrySet().stream()
          .filter(entry -> !entry.getValue().isEmpty())
          .map(Map.Entry::getKey)
          .toList();
    }

    @Override
    public Map<String, Integer> users(String room) {
      Map<String, Integer> users = new HashMap<>();
      rooms.getOrDefault(room, Map.of()).forEach((user, stay) -> users.put(user, stay.sessions()));
      return users;
    }

    @Override
    public void unsure() {
      unsure.incrementAndGet();
    }

    @Override
    public void failed() {}

    /** Ends without any goodbye. */
    public void die() {
      broker.close();
    }

    @Override
    public void close() {
      presence.close();
      broker.close();
    }
  }

  @BeforeEach
  void startStation() {
    here = create().start(room);
  }

  @AfterEach
  void closeStation() {
    here.close();
  }

  protected static void awaitUsers(Station at, String room, String... users) {
    await().atMost(Duration.ofSeconds(20)).until(() -> at.who(room), List.of(users)::equals);
  }

  /** Waits until a node was told so much. */
  protected static void awaitTold(Station at, String room, String... events) {
    await().atMost(Duration.ofSeconds(20)).until(() -> at.told(room).size() >= events.length);
    assertThat(at.told(room)).containsExactly(events);
  }

  private static Presence.Page page(Station at, String room, String after, int limit) {
    return Objects.requireNonNull(at.read(room, after, limit));
  }

  @Test
  void aUserIsThereOnceHoweverManySessionsItHas() {
    elsewhere().set(room, "ann", 1);
    awaitTold(here, room, "joined ann");
    elsewhere().set(room, "ann", 3);
    elsewhere().set(room, "ben", 1);
    awaitTold(here, room, "joined ann", "joined ben");
    assertThat(page(here, room, "", 0)).isEqualTo(new Presence.Page(List.of(), false, 2, 4));
    elsewhere().set(room, "ann", 1);
    elsewhere().set(room, "ben", 0);
    awaitTold(here, room, "joined ann", "joined ben", "left ben");
    elsewhere().set(room, "ann", 0);
    awaitTold(here, room, "joined ann", "joined ben", "left ben", "left ann");
    assertThat(page(here, room, "", 10)).isEqualTo(new Presence.Page(List.of(), false, 0, 0));
  }

  @Test
  void whatDoesNotChangeIsNotTold() {
    elsewhere().set(room, "ann", 1);
    elsewhere().set(room, "ann", 1);
    elsewhere().set(room, "nobody", 0);
    elsewhere().set(room, "ann", 0);
    elsewhere().set(room, "ann", 0);
    awaitUsers(here, room);
    elsewhere().set(room, "last", 1);
    await().atMost(Duration.ofSeconds(20)).until(() -> here.told(room).contains("joined last"));
    assertThat(here.told(room))
        .isIn(
            List.of("joined ann", "left ann", "joined last"),
            // Who comes and goes faster than it can be stated was not there.
            List.of("joined last"));
  }

  @Test
  void usersArePagedInTheOrderOfTheirBytes() {
    List<String> users = List.of("A", "a", "b c", "z\"\\/", "é", "\uffee", "😀");
    for (String user : users) {
      elsewhere().set(room, user, 1);
    }
    awaitUsers(here, room, users.toArray(String[]::new));
    assertThat(page(here, room, "", 3))
        .isEqualTo(
            new Presence.Page(users.subList(0, 3), true, 7, page(here, room, "", 0).sessions()));
    assertThat(page(here, room, "b c", 3).users()).isEqualTo(users.subList(3, 6));
    assertThat(page(here, room, "b c", 4).more()).isFalse();
    assertThat(page(here, room, "\uffee", 3).users()).containsExactly("😀");
    assertThat(page(here, room, "😀", 3).users()).isEmpty();
    assertThat(page(here, room, "b d", 1).users()).containsExactly("z\"\\/");
    await().until(() -> here.told(room).size() == users.size());
    assertThat(here.told(room))
        .containsExactlyInAnyOrderElementsOf(users.stream().map(u -> "joined " + u).toList());
  }

  @Test
  void whatTheLastSessionToJoinBringsIsKnownOfAUser() {
    String info = "{\"name\":\"Ann \\\"\\n😀\", \"n\": [1.0]}";
    elsewhere().set(room, "ann", 1, info);
    elsewhere().set(room, "ben", 1);
    awaitTold(here, room, "joined ann " + info, "joined ben");
    assertThat(here.infos(room)).containsExactly(entry("ann", info));
    assertThat(page(here, room, "ann", 10).infos()).isEmpty();
    here.set(room, "cal", 1, "1");
    // Brings none: what is known stays.
    elsewhere().set(room, "ann", 2);
    elsewhere().set(room, "ben", 2, "[2]");
    awaitInfos(here, "ann", info, "ben", "[2]", "cal", "1");
    elsewhere().set(room, "ann", 3, "\"three\"");
    awaitInfos(here, "ann", "\"three\"", "ben", "[2]", "cal", "1");
    await().until(() -> here.told(room).contains("joined ann \"three\""));
    assertThat(here.told(room)).contains("joined ben [2]");
    // The last to come is the first to go.
    elsewhere().set(room, "ann", 2);
    elsewhere().set(room, "ben", 0);
    await().until(() -> here.told(room).contains("left ben"));
    awaitInfos(here, "ann", "\"three\"", "cal", "1");
    elsewhere().set(room, "ben", 1);
    await().until(() -> here.told(room).getLast().equals("joined ben"));
    assertThat(here.infos(room)).doesNotContainKey("ben");
  }

  @Test
  void whoseInfoIsTheSameAgainIsNotTold() {
    elsewhere().set(room, "ann", 1, "1");
    awaitTold(here, room, "joined ann 1");
    elsewhere().set(room, "ann", 2, "1");
    elsewhere().set(room, "ann", 1);
    elsewhere().set(room, "last", 1);
    awaitTold(here, room, "joined ann 1", "joined last");
  }

  private void awaitInfos(Station at, String... infos) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < infos.length; i += 2) {
      all.put(infos[i], infos[i + 1]);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> at.infos(room), all::equals);
  }

  @Test
  void roomsAreApart() {
    String other = "q" + room;
    elsewhere().set(other, "ann", 1);
    elsewhere().set(room, "ben", 1);
    awaitUsers(here, other, "ann");
    awaitUsers(here, room, "ben");
    awaitTold(here, room, "joined ben");
    elsewhere().set(other, "ann", 0);
    awaitUsers(here, other);
    assertThat(here.who(room)).containsExactly("ben");
  }

  @Test
  void joinedAndLeftTakeTurnsWhateverHappensAtOnce() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<String> names = List.of("ann", "ben", "cal");
    for (Station station : List.of(here, elsewhere())) {
      for (String name : names) {
        threads.add(
            Thread.startVirtualThread(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    station.set(room, name, ThreadLocalRandom.current().nextInt(3));
                  }
                  station.set(room, name, station == here && !name.equals("ben") ? 1 : 0);
                }));
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (elsewhere() == here) {
      names.forEach(name -> here.set(room, name, name.equals("ben") ? 0 : 1));
    }
    awaitUsers(here, room, "ann", "cal");
    elsewhere().set(room, "last", 1);
    await().atMost(Duration.ofSeconds(20)).until(() -> here.told(room).contains("joined last"));
    for (String name : names) {
      List<String> told = here.told(room).stream().filter(e -> e.endsWith(name)).toList();
      for (int i = 0; i < told.size(); i++) {
        assertThat(told.get(i)).as(told.toString()).startsWith(i % 2 == 0 ? "joined" : "left");
      }
      assertThat(told.size() % 2).isEqualTo(name.equals("ben") ? 0 : 1);
    }
  }

  @Test
  void manyComeAndGo() {
    for (int i = 0; i < 1500; i++) {
      elsewhere().set(room, "user " + i, 1);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> page(here, room, "", 0).count() == 1500);
    assertThat(page(here, room, "", 1000).more()).isTrue();
    for (int i = 0; i < 1500; i++) {
      elsewhere().set(room, "user " + i, 0);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> page(here, room, "", 0).count() == 0);
    assertThat(page(here, room, "", 0).sessions()).isZero();
    await().atMost(Duration.ofSeconds(20)).until(() -> here.told(room).size() == 3000);
  }

  @Test
  void afterTheEndNothingIsKnown() {
    here.close();
    assertThat(here.read(room, "", 10)).isNull();
  }
}
