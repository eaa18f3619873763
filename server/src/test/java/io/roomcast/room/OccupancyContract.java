package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.room.Occupancy.Turn;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Occupancy} promises, whoever implements it. */
public abstract class OccupancyContract {
  protected final String room = "r " + UUID.randomUUID() + " {}/äöü😀\"";
  protected Station here;

  /** A node that has begun. */
  protected abstract Station create();

  @BeforeEach
  void begin() {
    here = create();
  }

  @AfterEach
  void end() {
    here.close();
  }

  /** One node: the rooms that it has members in, and what it was given to tell. */
  public static final class Station implements Occupancy.Local, AutoCloseable {
    /** As it was given. */
    public final List<Turn> turns = new CopyOnWriteArrayList<>();

    private final Occupancy occupancy;
    private final Runnable close;
    private final Set<String> rooms = ConcurrentHashMap.newKeySet();
    private volatile boolean tells = true;

    /** Begins. */
    public Station(Occupancy occupancy, Runnable close) {
      this.occupancy = occupancy;
      this.close = close;
      occupancy.start(this);
    }

    /** Somebody comes. */
    public void fill(String room) {
      rooms.add(room);
      occupancy.changed(room);
    }

    /** The last one goes. */
    public void empty(String room) {
      rooms.remove(room);
      occupancy.changed(room);
    }

    /** From here on it is given what it does not come to tell. */
    public void fallSilent() {
      tells = false;
    }

    @Override
    public boolean occupied(String room) {
      return rooms.contains(room);
    }

    @Override
    public Collection<String> rooms() {
      return List.copyOf(rooms);
    }

    @Override
    public void turned(Turn turn) {
      turns.add(turn);
      if (tells) {
        occupancy.told(turn);
      }
    }

    /** What became of a room, as far as it was given. */
    public List<Boolean> of(String room) {
      return turns.stream().filter(turn -> turn.room().equals(room)).map(Turn::filled).toList();
    }

    /** Ends in good order. */
    @Override
    public void close() {
      occupancy.close();
      close.run();
    }

    /** Ends without a word. */
    public void kill() {
      close.run();
    }
  }

  protected static void awaitOf(Station station, String room, Boolean... filled) {
    await().atMost(Duration.ofSeconds(20)).until(() -> station.of(room), List.of(filled)::equals);
  }

  @Test
  void aRoomTurnsFromEmptyToFilledAndBack() {
    here.fill(room);
    awaitOf(here, room, true);
    here.empty(room);
    awaitOf(here, room, true, false);
    here.fill(room);
    awaitOf(here, room, true, false, true);
    List<Long> sequences = here.turns.stream().map(Turn::sequence).toList();
    assertThat(sequences).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whatDoesNotChangeIsNotGiven() {
    here.fill(room);
    awaitOf(here, room, true);
    here.fill(room);
    here.empty("never filled " + room);
    here.fill("last " + room);
    awaitOf(here, "last " + room, true);
    assertThat(here.of(room)).containsExactly(true);
    assertThat(here.of("never filled " + room)).isEmpty();
  }

  @Test
  void manyRoomsTurnOnceEach() {
    for (int i = 0; i < 1000; i++) {
      here.fill(i + room);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> here.turns.size() == 1000);
    for (int i = 0; i < 1000; i++) {
      here.empty(i + room);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> here.turns.size() == 2000);
    for (int i = 0; i < 1000; i++) {
      assertThat(here.of(i + room)).containsExactly(true, false);
    }
  }

  @Test
  void whatHasChangedWasGivenWhenItHasSettled() {
    here.fill(room);
    awaitOf(here, room, true);
    here.empty(room);
    here.occupancy.settle();
    assertThat(here.of(room)).containsExactly(true, false);
  }

  @Test
  void whatComesAndGoesAtOnceDoesNotKeepOthersWaiting() {
    here.fill("first " + room);
    awaitOf(here, "first " + room, true);
    for (int i = 0; i < 1000; i++) {
      here.fill(i + room);
      here.empty(i + room);
    }
    here.fill(room);
    here.occupancy.settle();
    assertThat(here.of(room)).containsExactly(true);
    for (int i = 0; i < 1000; i++) {
      assertThat(here.of(i + room)).isIn(List.of(), List.of(true, false));
    }
  }
}
