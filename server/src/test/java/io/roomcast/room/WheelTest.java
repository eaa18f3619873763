package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WheelTest {
  private final Wheel wheel = new Wheel();
  private final List<String> fired = new ArrayList<>();

  private final class Deadline implements Wheel.Entry {
    final String name;
    Runnable then = () -> {};
    private int place = -1;

    Deadline(String name) {
      this.name = name;
    }

    @Override
    public int place() {
      return place;
    }

    @Override
    public void place(int value) {
      place = value;
    }

    @Override
    public void onDeadline() {
      fired.add(name);
      then.run();
    }
  }

  @Test
  void firesOnceAtItsSecond() {
    for (int seconds : new int[] {1, 2, 127}) {
      Deadline entry = new Deadline("a");
      wheel.set(entry, seconds);
      assertThat(firedAfter(seconds - 1)).isEmpty();
      assertThat(firedAfter(1)).containsExactly("a");
      assertThat(entry.place()).isEqualTo(-1);
      assertThat(firedAfter(300)).isEmpty();
    }
    Deadline entry = new Deadline("a");
    assertThatThrownBy(() -> wheel.set(entry, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wheel.set(entry, 128)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLaterDeadlineReplacesAndClearForgets() {
    Deadline a = new Deadline("a");
    Deadline b = new Deadline("b");
    wheel.set(a, 5);
    wheel.set(b, 5);
    wheel.set(a, 7);
    wheel.clear(b);
    wheel.clear(b);
    assertThat(firedAfter(6)).isEmpty();
    assertThat(firedAfter(1)).containsExactly("a");
  }

  @Test
  void whoIsClearedByAnotherInTheSameTickDoesNotFire() {
    Deadline a = new Deadline("a");
    Deadline b = new Deadline("b");
    Deadline c = new Deadline("c");
    for (Deadline each : List.of(a, b, c)) {
      each.then = () -> List.of(a, b, c).forEach(wheel::clear);
      wheel.set(each, 1);
    }
    assertThat(firedAfter(1)).hasSize(1);
    assertThat(firedAfter(200)).isEmpty();
  }

  @Test
  void whoIsSetAnewByAnotherInTheSameTickFiresAtTheNewTimeOnly() {
    Deadline a = new Deadline("a");
    Deadline b = new Deadline("b");
    a.then = () -> wheel.set(b, 3);
    b.then = () -> wheel.set(a, 3);
    wheel.set(a, 1);
    wheel.set(b, 1);
    List<String> first = firedAfter(1);
    assertThat(first).hasSize(1);
    assertThat(firedAfter(2)).isEmpty();
    assertThat(firedAfter(1)).hasSize(1).isNotEqualTo(first);
  }

  @Test
  void whoIsSetAndClearedByAnotherInTheSameTickDoesNotFire() {
    Deadline a = new Deadline("a");
    Deadline b = new Deadline("b");
    a.then =
        () -> {
          wheel.set(b, 127);
          wheel.clear(b);
        };
    b.then =
        () -> {
          wheel.set(a, 127);
          wheel.clear(a);
        };
    wheel.set(a, 1);
    wheel.set(b, 1);
    assertThat(firedAfter(1)).hasSize(1);
    assertThat(firedAfter(127)).isEmpty();
  }

  @Test
  void mayBeSetAgainFromItsOwnDeadline() {
    Deadline a = new Deadline("a");
    a.then = () -> wheel.set(a, 127);
    wheel.set(a, 1);
    assertThat(firedAfter(1)).containsExactly("a");
    assertThat(firedAfter(126)).isEmpty();
    assertThat(firedAfter(1)).containsExactly("a");
  }

  @Test
  void agreesWithANaiveOneOverManyRandomSteps() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Deadline> entries = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      entries.add(new Deadline("e" + i));
    }
    Map<String, Integer> due = new HashMap<>();
    int now = 0;
    for (int step = 0; step < 50_000; step++) {
      Deadline entry = entries.get(random.nextInt(entries.size()));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          int seconds = 1 + random.nextInt(Wheel.MAX_SECONDS);
          wheel.set(entry, seconds);
          due.put(entry.name, now + seconds);
        }
        case 2 -> {
          wheel.clear(entry);
          due.remove(entry.name);
        }
        default -> {
          int at = ++now;
          List<String> expected = new ArrayList<>();
          due.forEach((name, when) -> addIf(when == at, name, expected));
          expected.forEach(due::remove);
          assertThat(firedAfter(1))
              .as("seed " + seed + ", step " + step)
              .containsExactlyInAnyOrderElementsOf(expected);
        }
      }
    }
  }

  private static void addIf(boolean condition, String name, List<String> to) {
    if (condition) {
      to.add(name);
    }
  }

  private List<String> firedAfter(int ticks) {
    for (int i = 0; i < ticks; i++) {
      wheel.tick();
    }
    List<String> taken = List.copyOf(fired);
    fired.clear();
    return taken;
  }
}
