package io.roomcast.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.memory.MemoryBroker;
import io.roomcast.protocol.CloseCode;
import io.roomcast.testing.RecordingTransport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Several lanes with threads of their own, and many publishers. */
final class LanesTest {
  private static final int LANES = 3;
  private static final int ROOMS = 4;
  private static final int PUBLISHERS = 4;

  /** All together fewer than a lane's queue holds, so that none may be missing. */
  private static final int EACH = 3000;

  private final Node node =
      new Node(
          "n",
          new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM),
          Authenticator.OPEN,
          Limits.DEFAULT.withCommandsPerSecond(0),
          Rulebook.EMPTY,
          Telemetry.NONE,
          Time.SYSTEM);
  private final List<Loop> loops = new ArrayList<>();

  /** A lane with its thread. */
  private static final class Loop {
    final AtomicReference<Thread> thread = new AtomicReference<>();
    final ExecutorService executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task);
              thread.set(made);
              return made;
            });
    final Lane lane;

    Loop(Node node) {
      lane = node.addLane(executor, () -> Thread.currentThread() == thread.get());
    }

    void run(Runnable task) {
      CompletableFuture.runAsync(task, executor).join();
    }
  }

  private record Member(Loop loop, Session session, RecordingTransport transport) {
    int waiting() {
      return CompletableFuture.supplyAsync(transport::waiting, loop.executor).join();
    }

    List<String> heard() {
      List<String> all = new ArrayList<>();
      loop.run(() -> all.addAll(transport.take()));
      return all;
    }
  }

  @BeforeEach
  void start() {
    for (int i = 0; i < LANES; i++) {
      loops.add(new Loop(node));
    }
    node.start();
  }

  @AfterEach
  void stop() {
    loops.forEach(loop -> loop.executor.shutdown());
  }

  private Member member(Loop loop, String room) {
    RecordingTransport transport = new RecordingTransport();
    return new Member(loop, join(loop, room, transport), transport);
  }

  private Session join(Loop loop, String room, Transport transport) {
    AtomicReference<Session> made = new AtomicReference<>();
    loop.run(
        () -> {
          Session session = node.open(loop.lane, transport);
          node.join(
              session,
              room,
              JoinFrom.NOW,
              (outcome, start) -> assertThat(outcome).isEqualTo(JoinOutcome.JOINED));
          made.set(session);
        });
    return made.get();
  }

  /** A wire whose frames are costly, and which counts how often they are made. */
  private static final class Packing implements Transport, Encoding {
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger heard = new AtomicInteger();

    @Override
    public Encoding encoding() {
      return this;
    }

    @Override
    public int slot() {
      return 2;
    }

    @Override
    public boolean costly() {
      return true;
    }

    @Override
    public void prepare(Publication publication) {
      publication.packed(
          json -> {
            made.incrementAndGet();
            return json;
          });
    }

    @Override
    public Frame encode(List<Publication> publications) {
      publications.forEach(this::prepare);
      return () -> {};
    }

    @Override
    public boolean write(Outgoing outgoing) {
      outgoing.frame(this);
      heard.addAndGet(outgoing.publications().size());
      return true;
    }

    @Override
    public void write(byte[] json) {}

    @Override
    public void flush() {}

    @Override
    public void close(CloseCode code, String text, long reconnectAfterMillis) {}
  }

  @Test
  void whatIsCostlyIsMadeOnceForAllLanes() {
    Packing packing = new Packing();
    List<Session> sessions = new ArrayList<>();
    for (Loop loop : loops) {
      sessions.add(join(loop, "r", packing));
      sessions.add(join(loop, "r", packing));
      member(loop, "r");
      member(loop, "plain");
    }
    int all = 2 * LANES * EACH;
    say(EACH);
    await().atMost(30, SECONDS).until(packing.heard::get, heard -> heard >= all);
    assertThat(packing.heard).hasValue(all);
    assertThat(packing.made).hasValue(EACH);
    // With one such member, its own lane or another makes it; with none, nobody does.
    sessions.subList(1, sessions.size()).forEach(this::end);
    say(10);
    await().atMost(30, SECONDS).until(packing.heard::get, heard -> heard == all + 10);
    assertThat(packing.made).hasValue(EACH + 10);
    end(sessions.getFirst());
    say(10);
    assertThat(packing.made).hasValue(EACH + 10);
  }

  private void end(Session session) {
    loops.stream()
        .filter(loop -> loop.lane == session.lane())
        .forEach(loop -> loop.run(() -> node.ended(session, 1006)));
  }

  private void say(int times) {
    for (int i = 0; i < times; i++) {
      for (String room : List.of("r", "plain")) {
        node.publish(room, new byte[] {'1'}, "", "", "", (outcome, position) -> {});
      }
    }
  }

  @RepeatedTest(3)
  void membersOnAllLanesSeeEveryMessageInTheSameOrder() {
    List<List<Member>> rooms = new ArrayList<>();
    for (int room = 0; room < ROOMS; room++) {
      List<Member> members = new ArrayList<>();
      for (Loop loop : loops) {
        members.add(member(loop, "r" + room));
        members.add(member(loop, "r" + room));
      }
      rooms.add(members);
    }
    long seed = System.nanoTime();
    List<CompletableFuture<Void>> work = new ArrayList<>();
    for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
      String name = "p" + publisher;
      Random random = new Random(seed + publisher);
      work.add(onItsOwnThread(() -> publish(name, random)));
    }
    work.add(onItsOwnThread(() -> comeAndGo(new Random(seed - 1))));
    work.forEach(CompletableFuture::join);
    int expected = 2 * LANES * PUBLISHERS * EACH;
    await()
        .atMost(30, SECONDS)
        .until(
            () -> rooms.stream().flatMap(List::stream).mapToInt(Member::waiting).sum(),
            arrived -> arrived >= expected);
    int total = 0;
    for (List<Member> members : rooms) {
      List<String> heard = members.getFirst().heard();
      total += heard.size();
      for (Member member : members.subList(1, members.size())) {
        assertThat(member.heard()).as("seed " + seed).isEqualTo(heard);
      }
      for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
        assertThat(numbers(heard, "p" + publisher)).as("seed " + seed).isSorted();
      }
      members.forEach(m -> m.loop().run(() -> node.ended(m.session(), 1006)));
    }
    assertThat(total).as("seed " + seed).isEqualTo(PUBLISHERS * EACH);
    assertThat(node.hub().size()).as("seed " + seed).isEqualTo(new Hub.Size(0, 0, 0));
  }

  private static CompletableFuture<Void> onItsOwnThread(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                task.run();
                done.complete(null);
              } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private void publish(String name, Random random) {
    for (int i = 0; i < EACH; i++) {
      byte[] payload = ("\"" + name + ":" + i + "\"").getBytes(UTF_8);
      node.publish("r" + random.nextInt(ROOMS), payload, "", "", "", (outcome, position) -> {});
    }
  }

  /**
   * The last and the first of a lane, over and over: the rooms must stay subscribed for the rest.
   */
  private void comeAndGo(Random random) {
    for (int i = 0; i < 300; i++) {
      Member member = member(loops.get(random.nextInt(LANES)), "r" + random.nextInt(ROOMS + 2));
      List<String> heard = member.heard();
      assertThat(new HashSet<>(heard)).as("none twice").hasSameSizeAs(heard);
      member.loop().run(() -> node.ended(member.session(), 1006));
    }
  }

  private static List<Integer> numbers(List<String> heard, String publisher) {
    String start = "\"message\":\"" + publisher + ":";
    return heard.stream()
        .filter(text -> text.contains(start))
        .map(text -> text.substring(text.indexOf(start) + start.length(), text.length() - 2))
        .map(Integer::valueOf)
        .toList();
  }
}
