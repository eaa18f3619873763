package io.roomcast.room;

import static io.roomcast.room.QuotaTalk.after;
import static io.roomcast.room.QuotaTalk.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.CloseCode;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is counted beyond one session's rooms and commands. Tokens are the names of users. */
final class QuotasTest {
  private final RecordingCensus census = new RecordingCensus();

  private FakeNode node(Allowances allowances) {
    return QuotaTalk.node(allowances, census);
  }

  private static Allowance allowance(int connections, int rooms, int commands, int joins) {
    return new Allowance(connections, rooms, commands, 0, joins);
  }

  private static Allowances user(Allowance user) {
    return new Allowances(Allowance.NONE, user, Allowance.NONE, Allowance.NONE, Proxies.NONE);
  }

  private static Allowances address(Allowance address) {
    return new Allowances(Allowance.NONE, Allowance.NONE, address, Allowance.NONE, Proxies.NONE);
  }

  private static Allowances wide(Allowance node) {
    return new Allowances(Allowance.NONE, Allowance.NONE, Allowance.NONE, node, Proxies.NONE);
  }

  // One session

  @Test
  void bytesAndJoinsOfOneSessionAreLimited() {
    Allowance session = new Allowance(0, 0, 0, 40_000, 2);
    FakeNode fake =
        node(new Allowances(session, Allowance.NONE, Allowance.NONE, Allowance.NONE, Proxies.NONE));
    Client a = client(fake, "ann");
    for (int i = 0; i < 4; i++) {
      assertThat(a.say(join("r" + i)).getFirst()).contains("\"subscribed\"");
    }
    assertThat(after(a.say(join("r4")))).isEqualTo(500);
    // Whatever the rate, one of the largest messages is possible.
    assertThat(fake.node().pay(a.session(), 65_536)).isNull();
    assertThat(fake.node().pay(a.session(), 40_000))
        .isNotNull()
        .satisfies(denial -> assertThat(denial.afterMillis()).isBetween(630L, 640L));
    fake.time().advance(Duration.ofMillis(640));
    assertThat(fake.node().pay(a.session(), 40_000)).isNull();
    assertThat(client(fake, "ann").say(join("r4")).getFirst()).contains("\"subscribed\"");
  }

  private static String join(String room) {
    return "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"" + room + "\"}";
  }

  // Users

  @Test
  void aUserHasSoManyConnectionsAndAnotherIsAskedToComeLater() {
    FakeNode fake = node(user(allowance(2, 0, 0, 0)));
    Client a = client(fake, "ann");
    client(fake, "ann");
    Client third = client(fake, "ann");
    assertThat(third.transport().closes()).containsExactly(CloseCode.TOO_MANY_CONNECTIONS);
    third.end();
    Client ben = client(fake, "ben");
    assertThat(ben.transport().closes()).isEmpty();
    // A place that is given back is there for the next; said again, a name changes nothing.
    a.end();
    a.end();
    Client fourth = client(fake, "ann");
    fourth.say("{\"type\":\"refresh\",\"token\":\"ann\"}");
    assertThat(fourth.transport().closes()).isEmpty();
    // And who becomes another user gives it back too.
    fourth.say("{\"type\":\"refresh\",\"token\":\"ben\"}");
    assertThat(client(fake, "ann").transport().closes()).isEmpty();
    assertThat(client(fake, "ben").transport().closes()).hasSize(1);
    assertThat(fake.node().quotas().denials().of(Payer.USER, Cost.CONNECTIONS)).isEqualTo(2);
  }

  @Test
  void aUsersCommandsAreThoseOfAllItsSessions() {
    FakeNode fake = node(user(allowance(0, 0, 5, 0)));
    Client a = client(fake, "ann");
    Client b = client(fake, "ann");
    // Ten at once; what they were before they said who they were is nobody's.
    int pongs = 0;
    for (int i = 0; i < 20; i++) {
      pongs += (i % 2 == 0 ? a : b).say("{\"type\":\"ping\"}").getFirst().contains("pong") ? 1 : 0;
    }
    assertThat(pongs).isEqualTo(10);
    assertThat(client(fake, "ben").say("{\"type\":\"ping\"}"))
        .containsExactly("{\"type\":\"pong\"}");
    fake.time().advance(Duration.ofMillis(200));
    assertThat(b.say("{\"type\":\"ping\"}")).containsExactly("{\"type\":\"pong\"}");
    assertThat(after(a.say("{\"type\":\"ping\"}"))).isEqualTo(200);
  }

  @Test
  void aUserIsInSoManyRoomsOnAllItsSessions() {
    FakeNode fake = node(user(allowance(0, 3, 0, 0)));
    Client a = client(fake, "ann");
    Client b = client(fake, "ann");
    a.subscribe("r1");
    a.subscribe("r2");
    b.subscribe("r1");
    assertThat(b.say(join("r2")).getFirst()).contains("\"code\":1430");
    assertThat(b.say(join("r1")).getFirst()).contains("\"subscribed\"");
    a.unsubscribe("r2");
    assertThat(b.say(join("r2")).getFirst()).contains("\"subscribed\"");
    assertThat(a.say(join("r3")).getFirst()).contains("\"code\":1430");
    b.end();
    assertThat(a.say(join("r3")).getFirst()).contains("\"subscribed\"");
    assertThat(census.state("ann")).isEqualTo(new Census.Counts(1, 2));
    a.end();
    assertThat(census.state("ann")).isEqualTo(Census.Counts.NOTHING);
  }

  @Test
  void aJoinThatIsNotConfirmedCountsUntilItIsGivenUp() {
    FakeNode fake = node(user(allowance(0, 1, 0, 0)));
    fake.broker().confirming(false);
    Client a = client(fake, "ann");
    a.subscribe("r1");
    assertThat(a.say(join("r2")).getFirst()).contains("\"code\":1430");
    a.unsubscribe("r1");
    fake.broker().confirming(true);
    assertThat(a.say(join("r2")).getFirst()).contains("\"subscribed\"");
  }

  @Test
  void whatOthersHaveCountsAndOneTooManyIsTheNewest() {
    FakeNode fake = node(user(allowance(3, 5, 8, 0)));
    Client a = client(fake, "ann");
    assertThat(census.state("ann", 1, 4, 1)).isEqualTo(new Census.Counts(1, 0));
    // One is left, of rooms too, and half of the commands.
    assertThat(a.say(join("r")).getFirst()).contains("\"subscribed\"");
    assertThat(a.say(join("r2")).getFirst()).contains("\"code\":1430");
    int pongs = 0;
    for (int i = 0; i < 20; i++) {
      pongs += a.say("{\"type\":\"ping\"}").getFirst().contains("pong") ? 1 : 0;
    }
    assertThat(pongs).isEqualTo(6);
    Client b = client(fake, "ann");
    assertThat(client(fake, "ann").transport().closes()).hasSize(1);
    // Meanwhile another node let one in: this one was counted last, and goes.
    census.state("ann", 2, 0, 1);
    fake.loop().runAll();
    assertThat(a.transport().closes()).isEmpty();
    assertThat(b.transport().closes()).hasSize(1);
    b.end();
    assertThat(census.state("ann", 0, 0, 0)).isEqualTo(new Census.Counts(1, 1));
    assertThat(client(fake, "ann").transport().closes()).isEmpty();
  }

  @Test
  void whatCouldNotBeToldIsToldLater() {
    FakeNode fake = node(user(allowance(3, 0, 0, 0)));
    Client a = client(fake, "ann");
    census.local().state("ann").failed();
    census.state("ann", 3, 0, 1);
    fake.loop().runAll();
    assertThat(a.transport().closes()).hasSize(1);
  }

  // Addresses and the node

  @Test
  void anAddressPaysForAllWhoComeFromIt() {
    FakeNode fake = node(address(allowance(2, 0, 5, 0)));
    Client a = fake.client("10.0.0.1");
    Client b = fake.client("10.0.0.1");
    Bill third = fake.node().quotas().bill("10.0.0.1");
    Denial denial = Objects.requireNonNull(third.enter());
    assertThat(denial.ofNode()).isFalse();
    assertThat(denial.retryAfter()).isEqualTo("5");
    third.end();
    for (int i = 0; i < 10; i++) {
      (i < 5 ? a : b).say("{\"type\":\"ping\"}");
    }
    assertThat(after(a.say("{\"type\":\"ping\"}"))).isEqualTo(200);
    assertThat(fake.client("10.0.0.2").say("{\"type\":\"ping\"}")).hasSize(1);
    a.end();
    assertThat(fake.node().quotas().bill("10.0.0.1").enter()).isNull();
  }

  @Test
  void whoComesBackAgainAndAgainPaysForIt() {
    FakeNode fake = node(address(allowance(0, 0, 5, 0)));
    List<Denial> denials = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      Bill bill = fake.node().quotas().bill("10.0.0.1");
      Denial denial = bill.knock();
      bill.end();
      if (denial != null) {
        denials.add(denial);
      }
    }
    assertThat(denials).hasSize(5).allMatch(denial -> denial.afterMillis() == 200);
    assertThat(fake.node().quotas().bill("10.0.0.2").knock()).isNull();
  }

  @Test
  void whatTheNodeCannotBearIsNobodysFault() {
    FakeNode fake = node(wide(allowance(200, 0, 1, 0)));
    Client a = fake.client("10.0.0.1");
    int told = 0;
    for (int i = 0; i < 300; i++) {
      told += a.say("{\"type\":\"ping\"}").getFirst().contains("\"code\":1429") ? 1 : 0;
    }
    assertThat(told).isEqualTo(298);
    assertThat(a.transport().closes()).isEmpty();
  }

  @Test
  void whoIsRefusedByANarrowLimitTakesNothingFromAWideOne() {
    FakeNode fake =
        node(
            new Allowances(
                Allowance.NONE,
                allowance(0, 0, 5, 0),
                allowance(0, 0, 10, 0),
                allowance(0, 0, 15, 0),
                Proxies.NONE));
    Client abuser = client(fake, "eve");
    Client neighbour = client(fake, "ben");
    Client other = fake.client("10.0.0.2");
    fake.time().advance(Duration.ofSeconds(5));
    for (int i = 0; i < 1000 && abuser.transport().closes().isEmpty(); i++) {
      abuser.say("{\"type\":\"ping\"}");
    }
    for (int i = 0; i < 10; i++) {
      assertThat(neighbour.say("{\"type\":\"ping\"}")).containsExactly("{\"type\":\"pong\"}");
      assertThat(other.say("{\"type\":\"ping\"}")).containsExactly("{\"type\":\"pong\"}");
    }
  }

  // Memory and threads

  @Test
  void whoIsIdleIsForgottenAndNeverMoreThanSoManyAreKept() {
    FakeNode fake = node(address(allowance(0, 0, 5, 0)));
    for (int i = 0; i < Accounts.MOST_IDLE + 1000; i++) {
      Bill bill = fake.node().quotas().bill("10.1." + i);
      assertThat(bill.pay(Cost.COMMANDS, 1)).isNull();
      bill.end();
    }
    assertThat(fake.node().quotas().remembered()).isBetween(60_000, Accounts.MOST_IDLE + 1);
    fake.time().advance(Duration.ofSeconds(3));
    for (int i = 0; i < Accounts.MOST_IDLE; i++) {
      fake.node().quotas().bill("").end();
      fake.node().quotas().bill("10.2.0.1").end();
    }
    assertThat(fake.node().quotas().remembered()).isZero();
  }

  @Test
  void manyThreadsTakeNoMoreThanThereIs() throws InterruptedException {
    FakeNode fake = node(wide(allowance(50, 0, 1000, 0)));
    Quotas quotas = fake.node().quotas();
    AtomicInteger paid = new AtomicInteger();
    AtomicInteger entered = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads =
        new ArrayList<>(
            IntStream.range(0, 4)
                .mapToObj(
                    n ->
                        Thread.ofPlatform()
                            .start(
                                () -> {
                                  awaitQuietly(go);
                                  for (int i = 0; i < 1000; i++) {
                                    Bill bill = quotas.bill("");
                                    paid.addAndGet(bill.pay(Cost.COMMANDS, 1) == null ? 1 : 0);
                                    entered.addAndGet(bill.enter() == null ? 1 : 0);
                                  }
                                }))
                .toList());
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(paid).hasValue(2000);
    assertThat(entered).hasValue(50);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** States what the test wants it to. */
  private static final class RecordingCensus implements Census {
    private @org.jspecify.annotations.Nullable Local local;

    @Override
    public void start(Local part) {
      local = part;
    }

    @Override
    public void changed(String user) {
      assertThat(user).isNotEmpty();
    }

    Local local() {
      return Objects.requireNonNull(local);
    }

    Counts state(String user) {
      return local().state(user).counts();
    }

    Counts state(String user, int connections, int rooms, int nodes) {
      Statement statement = local().state(user);
      statement.told(new Elsewhere(connections, rooms, nodes));
      return statement.counts();
    }
  }
}
