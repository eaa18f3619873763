package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Finds a contradiction exactly when there is one. */
final class OrderTest {
  private static long conflicts(int messages, int[]... logs) {
    Order order = new Order(messages);
    for (int[] log : logs) {
      order.add(log);
    }
    return order.conflicts();
  }

  @Test
  void agreesWithPartsOfOneOrder() {
    assertThat(conflicts(0)).isZero();
    assertThat(conflicts(4, new int[] {0, 1, 2, 3}, new int[] {1, 3}, new int[] {0, 2})).isZero();
    assertThat(conflicts(4, new int[] {2, 1}, new int[] {1, 3}, new int[] {3, 0})).isZero();
    assertThat(conflicts(3, new int[] {0, 1, 0, 2}, new int[] {0, 2})).isZero();
  }

  @Test
  void countsWhatContradicts() {
    assertThat(conflicts(2, new int[] {0, 1}, new int[] {1, 0})).isEqualTo(1);
    assertThat(conflicts(3, new int[] {0, 1}, new int[] {1, 2}, new int[] {2, 0})).isEqualTo(1);
    assertThat(conflicts(4, new int[] {0, 1, 2, 3}, new int[] {1, 0, 3, 2})).isEqualTo(2);
  }

  @Test
  void agreesWithRandomPartsAndFindsTwoThatWereSwapped() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<Integer> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(i);
      }
      Collections.shuffle(all, random);
      List<int[]> logs = new ArrayList<>();
      logs.add(array(all));
      for (int i = 0; i < 5; i++) {
        logs.add(array(all.stream().filter(id -> random.nextInt(3) > 0).toList()));
      }
      assertThat(conflicts(50, logs.toArray(new int[0][]))).isZero();
      int[] victim = logs.get(1 + random.nextInt(5));
      int at = random.nextInt(victim.length - 1);
      int first = victim[at];
      victim[at] = victim[at + 1];
      victim[at + 1] = first;
      assertThat(conflicts(50, logs.toArray(new int[0][]))).isEqualTo(1);
    }
  }

  private static int[] array(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
