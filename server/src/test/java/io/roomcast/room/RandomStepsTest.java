package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.RecordingTransport.RecordedFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;

/** Thousands of steps in a random order, compared with a model that is too simple to be wrong. */
final class RandomStepsTest {
  private static final int STEPS = 4000;
  private static final int ROOMS = 6;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final FakeNode fake = new FakeNode();
  private final List<Modelled> clients = new ArrayList<>();
  private int published;

  /** A client, what it has joined, and what it has yet to hear. */
  private record Modelled(Client client, Set<String> joined, List<String> owed) {}

  /** The loop always rests between steps, so that what is owed is known for certain. */
  @RepeatedTest(5)
  void agreesWithTheModelWhenEachStepIsFinished() {
    for (int step = 0; step < STEPS; step++) {
      step();
      fake.loop().runAll();
      check("seed " + seed + ", step " + step);
    }
    finish();
  }

  /**
   * The loop runs a little now and then. A message sent before a leave may be lost to who left, and
   * one sent before a join may be heard by who joined; nothing may come twice or out of order, and
   * those who just stayed hear it all.
   */
  @RepeatedTest(5)
  void staysTrueToThoseWhoStayWhenStepsOverlap() {
    Client witness = fake.client();
    for (int room = 0; room < ROOMS; room++) {
      witness.subscribe("r" + room);
    }
    fake.loop().runAll();
    Map<Client, Map<String, Integer>> last = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      step();
      for (int turns = random.nextInt(3); turns > 0; turns--) {
        fake.loop().runOne();
      }
      for (Modelled each : clients) {
        inOrder(each.client(), last, "seed " + seed + ", step " + step);
      }
    }
    fake.loop().runAll();
    assertThat(witness.transport().take().stream().map(RandomStepsTest::number).sorted())
        .as("seed " + seed)
        .isEqualTo(java.util.stream.IntStream.range(0, published).boxed().toList());
    witness.end();
    finish();
  }

  private void step() {
    String room = "r" + random.nextInt(ROOMS);
    switch (random.nextInt(10)) {
      case 0 -> clients.add(new Modelled(fake.client(), new HashSet<>(), new ArrayList<>()));
      case 1 -> {
        if (!clients.isEmpty()) {
          clients.remove(random.nextInt(clients.size())).client().end();
        }
      }
      case 2, 3, 4 -> publish(room);
      case 5, 6 -> leave(room);
      default -> join(room);
    }
  }

  private void join(String room) {
    if (!clients.isEmpty()) {
      Modelled each = clients.get(random.nextInt(clients.size()));
      each.client().subscribe(room);
      each.joined().add(room);
    }
  }

  private void leave(String room) {
    if (!clients.isEmpty()) {
      Modelled each = clients.get(random.nextInt(clients.size()));
      each.client().unsubscribe(room);
      each.joined().remove(room);
    }
  }

  private void publish(String room) {
    String payload = "" + published++;
    fake.publish(room, payload);
    String text = "{\"type\":\"message\",\"room\":\"" + room + "\",\"message\":" + payload + "}";
    for (Modelled each : clients) {
      if (each.joined().contains(room)) {
        each.owed().add(text);
      }
    }
  }

  private void check(String about) {
    Set<String> inUse = new TreeSet<>();
    int members = 0;
    for (Modelled each : clients) {
      assertThat(each.client().transport().take()).as(about).isEqualTo(each.owed());
      each.owed().clear();
      inUse.addAll(each.joined());
      members += each.joined().size();
    }
    assertThat(fake.broker().wanted()).as(about).isEqualTo(inUse);
    assertThat(fake.node().hub().size())
        .as(about)
        .isEqualTo(new Hub.Size(clients.size(), inUse.size(), members));
    assertThat(fake.node().rooms("", "", 99).stream().mapToInt(Hub.RoomInfo::members).sum())
        .as(about)
        .isEqualTo(members);
  }

  private void inOrder(Client client, Map<Client, Map<String, Integer>> last, String about) {
    Map<String, Integer> seen = last.computeIfAbsent(client, c -> new HashMap<>());
    for (String text : client.transport().take()) {
      String room = text.substring(0, text.indexOf(",\"message\""));
      Integer before = seen.put(room, number(text));
      assertThat(before == null ? -1 : before).as(about).isLessThan(number(text));
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1, text.length() - 1));
  }

  private void finish() {
    clients.forEach(each -> each.client().end());
    fake.loop().runAll();
    fake.time().advance(Duration.ofHours(1));
    fake.lane().tick();
    assertThat(fake.node().hub().size()).as("seed " + seed).isEqualTo(new Hub.Size(0, 0, 0));
    assertThat(fake.broker().wanted()).as("seed " + seed).isEmpty();
    assertThat(RecordedFrame.open()).as("seed " + seed).isZero();
  }
}
