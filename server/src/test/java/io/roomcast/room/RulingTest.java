package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.roomcast.config.RuleReader;
import io.roomcast.testing.FakeNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose rules hold, the configuration's or the server API's. */
final class RulingTest {
  private final FakeNode fake = new FakeNode();
  private final Ruling ruling = fake.ruling();

  private static Rulebook book(String... lines) {
    return RuleReader.book(List.of(lines));
  }

  private boolean log(String room) {
    return fake.node().hub().rulebook().of(room).log();
  }

  @Test
  void theConfigurationsHoldUntilOthersAreGivenAndAgainAfterThese() {
    assertThat(ruling.configure(book("a log=1/1h"))).isTrue();
    assertThat(log("a")).isTrue();
    ruling.take(ruling.give(List.of("b log=1/1h")));
    assertThat(log("a")).isFalse();
    assertThat(log("b")).isTrue();
    assertThat(ruling.held().given()).isTrue();
    assertThat(ruling.held().lines()).containsExactly("b log=1/1h keys=5m slow=close");
    assertThat(ruling.configure(book("c log=1/1h"))).isFalse();
    assertThat(log("c")).isFalse();
    ruling.take(ruling.takeBack());
    assertThat(log("b")).isFalse();
    assertThat(log("c")).isTrue();
    assertThat(ruling.held().given()).isFalse();
  }

  @Test
  void theLaterChangeHoldsInWhicheverOrderTheyCome() {
    RuleChange first = ruling.give(List.of("a log=1/1h"));
    ruling.take(first);
    RuleChange second = ruling.give(List.of("b log=1/1h"));
    assertThat(second.version()).isGreaterThan(first.version());
    RuleChange third =
        new RuleChange(second.version(), "f".repeat(16), true, List.of("c log=1/1h"));
    List<RuleChange> changes = new ArrayList<>(List.of(first, second, third, first));
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(changes, new java.util.Random(i));
      Ruling other = new FakeNode().ruling();
      changes.forEach(other::take);
      assertThat(other.held().lines()).singleElement().asString().startsWith("c ");
    }
    fake.time().advance(Duration.ofHours(1));
    assertThat(ruling.give(List.of()).version()).isEqualTo(fake.time().wallMillis());
  }

  @Test
  void whatCannotHoldChangesNothing() {
    ruling.take(ruling.give(List.of("a log=1/1h")));
    Ruling.Held before = ruling.held();
    for (String wrong : List.of("a", "a log=x", "a join=token", "a send=webhook")) {
      RuleChange change = ruling.give(List.of("b log=1/1h", wrong));
      assertThatIllegalArgumentException().isThrownBy(() -> ruling.take(change));
      assertThatIllegalArgumentException().isThrownBy(() -> ruling.check(change.lines()));
    }
    assertThat(ruling.held()).isEqualTo(before);
    assertThat(log("a")).isTrue();
    assertThat(log("b")).isFalse();
  }

  @Test
  void theDigestTellsRulesApartAndNotTheirOrder() {
    ruling.take(ruling.give(List.of("a log=1/1h", "b local")));
    String digest = ruling.held().digest();
    ruling.take(ruling.give(List.of("b  local", "a keys=5m log=1/1h")));
    assertThat(ruling.held().digest()).isEqualTo(digest).hasSize(32);
    ruling.take(ruling.give(List.of("b local", "a log=2/1h")));
    assertThat(ruling.held().digest()).isNotEqualTo(digest);
  }
}
