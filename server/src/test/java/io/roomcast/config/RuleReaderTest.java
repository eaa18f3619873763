package io.roomcast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.room.Audience;
import io.roomcast.room.Rate;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Rules;
import io.roomcast.room.SlowMode;
import io.roomcast.room.WhoMay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleReaderTest {
  @Test
  void everyWordIsRead() {
    Rulebook book =
        RuleReader.book(
            List.of(
                "  a   local keys=90s  log=7/5m presence=0s ",
                "b log=1/1h presence",
                "c log=1/30d presence=5m",
                "e slow=latest",
                "f slow=resync log=1/1h",
                "g slow=close"));
    assertThat(book.of("a"))
        .isEqualTo(
            new Rules(
                7,
                Duration.ofMinutes(5),
                Duration.ofSeconds(90),
                true,
                SlowMode.CLOSE,
                true,
                Duration.ZERO,
                WhoMay.DEFAULT,
                Rules.DEFAULT.size(),
                Rate.NONE));
    assertThat(book.of("b").presence()).isTrue();
    assertThat(book.of("b").grace()).isEqualTo(Duration.ofSeconds(5));
    assertThat(book.of("c").grace()).isEqualTo(Duration.ofMinutes(5));
    assertThat(book.presence()).isTrue();
    assertThat(RuleReader.book(List.of("a local")).presence()).isFalse();
    assertThat(book.of("b").logFor()).isEqualTo(Duration.ofHours(1));
    assertThat(book.of("c").logFor()).isEqualTo(Duration.ofDays(30));
    assertThat(book.of("d")).isEqualTo(Rules.DEFAULT);
    assertThat(book.of("e").slow()).isEqualTo(SlowMode.LATEST);
    assertThat(book.of("f").slow()).isEqualTo(SlowMode.RESYNC);
    assertThat(book.of("g")).isEqualTo(Rules.DEFAULT);
    assertThat(Rules.DEFAULT.log()).isFalse();
  }

  @Test
  void exactNamesComeBeforePatternsAndLongPatternsBeforeShortOnes() {
    Rulebook book =
        RuleReader.book(
            List.of("* log=1/1m", "news:* log=2/1m", "news:sport:* log=3/1m", "news:x log=4/1m"));
    assertThat(book.of("other").logSize()).isEqualTo(1);
    assertThat(book.of("news:").logSize()).isEqualTo(2);
    assertThat(book.of("news:y").logSize()).isEqualTo(2);
    assertThat(book.of("news:sport:1").logSize()).isEqualTo(3);
    assertThat(book.of("news:x").logSize()).isEqualTo(4);
    assertThat(book.of("news:xy").logSize()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a|expected a room's name",
        "a log=1|COUNT/TIME",
        "a log|COUNT/TIME",
        "a log=x/5m|whole number",
        "a log=1/5|needs a time",
        "a log=1/|needs a time",
        "a log=1/xm|needs a time",
        "a log=-1/5m|must be 0 to",
        "a log=100001/5m|must be 0 to",
        "a log=1/0s|1 second to 30 days",
        "a log=1/31d|1 second to 30 days",
        "a keys=0s|1 second to 30 days",
        "a local=yes|takes no value",
        "a local local|given twice",
        "a presence=|needs a time",
        "a presence=6m|0 seconds to 5 minutes",
        "a presence presence=5s|given twice",
        "a lock|unknown word lock",
        "a slow|slow must be close, latest or resync",
        "a slow=LATEST|slow must be close, latest or resync",
        "a slow=resync|needs log=COUNT/TIME",
        "a*b local|a room's pattern is",
      })
  void whatIsWrongIsSaid(String line, String expected) {
    assertThatThrownBy(() -> RuleReader.book(List.of(line)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void twoRulesForOnePatternAreRefused() {
    assertThatThrownBy(() -> RuleReader.book(List.of("a* local", "a* log=1/1m")))
        .hasMessageContaining("two rules for \"a*\"");
  }

  @Test
  void rulesSayWhoMay() {
    Rulebook book =
        RuleReader.book(List.of("a join=anyone send=token", "b* members=user history=server"));
    assertThat(book.of("a").whoMay())
        .isEqualTo(
            new WhoMay(Audience.ANYONE, Audience.TOKEN, Audience.ADMITTED, Audience.ADMITTED));
    assertThat(book.of("bc").whoMay())
        .isEqualTo(
            new WhoMay(Audience.ADMITTED, Audience.ADMITTED, Audience.USER, Audience.SERVER));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuleReader.book(List.of("a join=everybody")))
        .withMessageContaining("anyone, user, token, server or webhook")
        .withMessageContaining("everybody");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuleReader.book(List.of("a send=token send=user")))
        .withMessageContaining("twice");
    assertThat(book.entries()).allMatch(Rulebook.Entry::needsTokens);
    assertThat(RuleReader.book(List.of("a join=server send=anyone")).entries())
        .noneMatch(Rulebook.Entry::needsTokens);
  }
}
