package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.testing.FakeLog;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.RecordingTransport.RecordedFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Members that read now and then, in rooms of each mode, while logs are read late, or not at all.
 * When all is read, what a member got and what it was told to be missing is what was sent.
 */
final class RandomLagTest {
  private static final int STEPS = 3_000;
  private static final int MEMBERS = 6;
  private static final List<String> ROOMS = List.of("live", "livelog", "kept", "short", "plain");
  private static final Pattern MESSAGE = Pattern.compile("\"message\":(\\d+)[,}]");
  private static final Pattern SKIPPED =
      Pattern.compile("\\{\"type\":\"gap\",\"room\":\"(\\w+)\",.*\"skipped\":(\\d+)}");

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final FakeNode fake =
      new FakeNode(
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          RuleReader.book(
              List.of(
                  "live slow=latest",
                  "livelog slow=latest log=20/1h",
                  "kept slow=resync log=10000/1h",
                  "short slow=resync log=20/1h")));

  /** For each room, what was sent; a number that a member sent itself is negative. */
  private final Map<String, List<Sent>> sent = new HashMap<>();

  private final List<Member> members = new ArrayList<>();

  private record Sent(int number, int by) {}

  private record Member(Client client, Map<String, List<Integer>> got, Map<String, Integer> told) {

    void read() {
      for (String json : client.transport().take()) {
        Matcher gap = SKIPPED.matcher(json);
        Matcher message = MESSAGE.matcher(json);
        if (gap.matches()) {
          told.merge(gap.group(1), Integer.valueOf(gap.group(2)), Integer::sum);
        } else if (message.find()) {
          String room = json.replaceAll(".*\"room\":\"(\\w+)\".*", "$1");
          got.computeIfAbsent(room, r -> new ArrayList<>()).add(Integer.valueOf(message.group(1)));
        } else {
          throw new AssertionError(json);
        }
      }
      client.session().drained();
    }
  }

  private FakeLog log(String room) {
    return fake.broker().log(room, room.equals("kept") ? 10_000 : 20);
  }

  @RepeatedTest(10)
  void whatIsGivenAndWhatIsToldIsWhatWasSent() {
    List.of("livelog", "kept", "short").forEach(this::log);
    for (int i = 0; i < MEMBERS; i++) {
      Member member = new Member(fake.client(), new HashMap<>(), new HashMap<>());
      ROOMS.forEach(member.client()::subscribe);
      members.add(member);
    }
    fake.loop().runAll();
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    rest();
    for (Member member : members) {
      ROOMS.forEach(room -> check(member, room));
      member.client().end();
    }
    fake.loop().runAll();
    assertThat(RecordedFrame.open()).isZero();
  }

  private void step() {
    Member member = members.get(random.nextInt(MEMBERS));
    switch (random.nextInt(12)) {
      case 0 -> member.client().transport().holds(random.nextInt(4));
      case 1 -> member.client().transport().holds(1 + random.nextInt(40));
      case 2, 3 -> member.read();
      case 4 -> fake.broker().answering(random.nextBoolean());
      case 5 -> fake.broker().answer();
      case 6 -> fake.broker().unreadable(random.nextInt(4) == 0);
      case 7 -> second();
      default -> publish();
    }
    for (int turns = random.nextInt(4); turns > 0; turns--) {
      fake.loop().runOne();
    }
  }

  private void second() {
    fake.time().advance(Duration.ofSeconds(1));
    fake.lane().tick();
  }

  private void publish() {
    String room = ROOMS.get(random.nextInt(ROOMS.size()));
    List<Sent> all = sent.computeIfAbsent(room, r -> new ArrayList<>());
    int by = random.nextInt(4 * MEMBERS);
    String exclude = by < MEMBERS ? members.get(by).client().session().id() : "";
    byte[] number = ("" + all.size()).getBytes(UTF_8);
    all.add(new Sent(all.size(), by));
    fake.node().publish(room, number, "", exclude, "", (outcome, position) -> {});
  }

  /** All is well again, and everybody reads whatever comes. */
  private void rest() {
    fake.broker().unreadable(false);
    fake.broker().answering(true);
    fake.broker().answer();
    for (int i = 0; i < 60; i++) {
      for (Member member : members) {
        member.client().transport().holds(30);
        member.read();
      }
      second();
      fake.loop().runAll();
    }
  }

  private void check(Member member, String room) {
    String about = "seed " + seed + ", member " + members.indexOf(member) + ", room " + room;
    int self = members.indexOf(member);
    List<Sent> all = sent.getOrDefault(room, List.of());
    List<Integer> meant = all.stream().filter(one -> one.by() != self).map(Sent::number).toList();
    List<Integer> got = member.got().getOrDefault(room, List.of());
    int told = member.told().getOrDefault(room, 0);
    assertThat(got).as(about).isSorted().doesNotHaveDuplicates();
    assertThat(meant).as(about).containsAll(got);
    switch (room) {
      case "kept", "plain" -> {
        assertThat(got).as(about).isEqualTo(meant);
        assertThat(told).as(about).isZero();
      }
      // Whose the forgotten ones were is not known any more: some may be the member's own.
      case "short" -> {
        int own = all.size() - meant.size();
        assertThat(told)
            .as(about)
            .isBetween(meant.size() - got.size(), meant.size() - got.size() + own);
        assertThat(got.getLast()).as(about).isEqualTo(meant.getLast());
      }
      default -> {
        assertThat(got.size() + told).as(about).isEqualTo(meant.size());
        assertThat(got.getLast()).as(about).isEqualTo(meant.getLast());
      }
    }
  }

  @RepeatedTest(1)
  void theStepsAreWorthTheirName() {
    whatIsGivenAndWhatIsToldIsWhatWasSent();
    for (DropReason reason :
        List.of(DropReason.SLOW_LATEST, DropReason.SLOW_RESYNC, DropReason.SLOW_LOST)) {
      assertThat(fake.telemetry().count("dropped " + reason)).as("seed " + seed).isPositive();
    }
    for (String room : List.of("live", "short")) {
      assertThat(members).as("seed " + seed).anyMatch(member -> member.told().containsKey(room));
    }
  }
}
