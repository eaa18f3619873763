package io.roomcast.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.room.Rules;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RuleWordsTest {
  /** Each word, with a value that differs from the default. */
  private static final List<String> WORDS =
      List.of(
          "log=7/90s",
          "keys=1h",
          "slow=latest",
          "presence=7s",
          "local",
          "size=2KiB",
          "rate=20/10s",
          "join=anyone",
          "send=token",
          "members=user",
          "history=server");

  private static Rules read(String words) {
    return RuleReader.book(List.of("a " + words)).of("a");
  }

  @Test
  void rulesAreWrittenAsTheyAreRead() {
    for (String word : WORDS) {
      Rules rules = read(word);
      assertThat(RuleWords.of(rules)).contains(word);
      assertThat(read(String.join(" ", RuleWords.of(rules)))).isEqualTo(rules);
    }
    Rules all = read(String.join(" ", WORDS));
    assertThat(read(String.join(" ", RuleWords.of(all)))).isEqualTo(all);
    assertThat(read(String.join(" ", RuleWords.of(Rules.DEFAULT)))).isEqualTo(Rules.DEFAULT);
  }

  /** So that a new word cannot be forgotten above. */
  @Test
  void everyPartOfARuleHasAWord() throws ReflectiveOperationException {
    Rules all = read(String.join(" ", WORDS));
    for (RecordComponent part : Rules.class.getRecordComponents()) {
      assertThat(part.getAccessor().invoke(all))
          .as(part.getName())
          .isNotEqualTo(part.getAccessor().invoke(Rules.DEFAULT));
    }
  }
}
