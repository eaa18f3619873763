package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Revocation.Kind;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.ManualTime;
import io.roomcast.testing.Verdicts;
import java.time.Duration;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

final class RevocationTest {
  private static final long DAY = 24 * 3600 * 1000;

  private final ManualTime time = new ManualTime();
  private final Revocations revocations = new Revocations(time);

  private Identity identity(String user, String id, long issued) {
    return new Identity(Authenticator.Kind.USER, user, Long.MAX_VALUE, issued, id, "", Grants.NONE);
  }

  private Revocation now(Kind kind, String value) {
    return new Revocation(kind, value, time.wallMillis(), time.wallMillis() + DAY);
  }

  @Test
  void aUsersEarlierTokensAreCoveredAndLaterOnesNot() {
    long before = time.wallMillis();
    time.advance(Duration.ofSeconds(10));
    assertThat(revocations.add(now(Kind.USER, "ann"))).isTrue();
    assertThat(revocations.cover(identity("ann", "a", before))).isTrue();
    assertThat(revocations.cover(identity("ann", "a", 0))).isTrue();
    assertThat(revocations.cover(identity("bob", "a", before))).isFalse();
    assertThat(revocations.cover(identity("", "a", before))).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(revocations.cover(identity("ann", "b", time.wallMillis()))).isFalse();
  }

  @Test
  void oneTokenIsCoveredByItsId() {
    revocations.add(now(Kind.TOKEN, "t1"));
    assertThat(revocations.cover(identity("ann", "t1", time.wallMillis() + 1000))).isTrue();
    assertThat(revocations.cover(identity("ann", "t2", 0))).isFalse();
    assertThat(revocations.cover(identity("ann", "", 0))).isFalse();
    assertThat(revocations.coverSession("t1")).isFalse();
  }

  @Test
  void itIsOverWhenItsTimeIs() {
    revocations.add(now(Kind.SESSION, "s"));
    assertThat(revocations.coverSession("s")).isTrue();
    time.advance(Duration.ofMillis(DAY));
    assertThat(revocations.coverSession("s")).isFalse();
  }

  @Test
  void whatIsKnownIsNoNews() {
    Revocation first = now(Kind.USER, "ann");
    assertThat(revocations.add(first)).isTrue();
    assertThat(revocations.add(first)).isFalse();
    time.advance(Duration.ofSeconds(5));
    assertThat(revocations.add(now(Kind.USER, "ann"))).isTrue();
    assertThat(revocations.add(first)).isFalse();
  }

  @Test
  void onlySoManyAreRememberedAndThoseThatAreOverMakeRoom() {
    for (int i = 0; i < Revocations.MOST; i++) {
      revocations.add(now(Kind.TOKEN, "t" + i));
    }
    Revocation more = now(Kind.TOKEN, "more");
    assertThatIllegalStateException().isThrownBy(() -> revocations.add(more));
    time.advance(Duration.ofMillis(DAY));
    assertThat(revocations.add(now(Kind.TOKEN, "more"))).isTrue();
  }

  @Test
  void whatIsOutOfItsBoundsIsNone() {
    for (String value : new String[] {"", "x".repeat(129), "a\nb"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Revocation(Kind.USER, value, 1, 2));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Revocation(Kind.USER, "a", 2, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Revocation(Kind.USER, "a", 0, Revocation.LONGEST_MILLIS + 1));
  }

  @Test
  void aTokenThatIsRevokedWhileItIsCheckedOpensNothing() {
    ArrayDeque<Runnable> undecided = new ArrayDeque<>();
    FakeNode fake =
        new FakeNode(
            Verdicts.later(
                Verdicts.authenticator(token -> identity("ann", token, 1)), undecided::add),
            Limits.DEFAULT);
    Client a = fake.client();
    a.tell("{\"type\":\"connect\",\"id\":1,\"token\":\"t1\"}");
    long now = fake.time().wallMillis();
    fake.node().admission().revoke(new Revocation(Kind.TOKEN, "t1", now, now + DAY));
    undecided.remove().run();
    assertThat(a.hear()).singleElement().asString().contains("\"code\":1401", "revoked");
  }

  @Test
  void aSessionThatIsRevokedDoesNotComeBackUnderItsName() throws Refused {
    FakeNode fake = new FakeNode();
    Client a = fake.client();
    long now = fake.time().wallMillis();
    fake.node().admission().revoke(new Revocation(Kind.SESSION, "s", now, now + DAY));
    a.tell("{\"type\":\"connect\",\"session\":\"s\"}");
    assertThat(a.transport().closes())
        .containsExactly(io.roomcast.protocol.CloseCode.INVALID_TOKEN);
    Client b = fake.client();
    b.tell("{\"type\":\"connect\",\"session\":\"t\"}");
    assertThat(b.transport().closes()).isEmpty();
  }
}
