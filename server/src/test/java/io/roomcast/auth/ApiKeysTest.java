package io.roomcast.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Keyring;
import io.roomcast.room.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeysTest {
  private final String first = ApiKeys.generate();
  private final String second = ApiKeys.generate();
  private final ApiKeys keys =
      ApiKeys.of(
          List.of(
              ApiKeys.line("backend", EnumSet.allOf(Scope.class), first),
              ApiKeys.line("reader", Set.of(Scope.READ), second)));

  @Test
  void eachKeyHasItsOwnName() throws Refused {
    assertThat(keys.check(first))
        .isEqualTo(new Keyring.Grant("backend", EnumSet.allOf(Scope.class)));
    assertThat(keys.check(second)).isEqualTo(new Keyring.Grant("reader", Set.of(Scope.READ)));
    assertThat(keys.isEmpty()).isFalse();
    assertThat(ApiKeys.of(List.of()).isEmpty()).isTrue();
  }

  @Test
  void aKeyIsLongAndTellsWhatItIs() {
    assertThat(first).matches("rck_[A-Za-z0-9_-]{43}").isNotEqualTo(second);
    assertThat(ApiKeys.line("a", Set.of(Scope.READ, Scope.PUBLISH), first))
        .matches("a:publish,read:[0-9a-f]{64}")
        .doesNotContain(first);
  }

  @Test
  void nothingElseIsAKey() {
    String hash = ApiKeys.line("x", Set.of(Scope.READ), first).replaceAll(".*:", "");
    for (String wrong :
        List.of(
            "",
            "rck_",
            first + " ",
            first.toUpperCase(java.util.Locale.ROOT),
            hash,
            "x".repeat(9000))) {
      assertThatThrownBy(() -> keys.check(wrong))
          .isInstanceOf(Refused.class)
          .hasMessage("the API key is not known to this server");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "backend",
        "backend:read",
        "backend:read:00",
        ":read:0000000000000000000000000000000000000000000000000000000000000000",
        "back end:read:0000000000000000000000000000000000000000000000000000000000000000",
        "backend::0000000000000000000000000000000000000000000000000000000000000000",
        "backend:fly:0000000000000000000000000000000000000000000000000000000000000000",
        "backend:read:000000000000000000000000000000000000000000000000000000000000000G"
      })
  void aLineThatIsNoneIsRefusedByItsNumber(String line) {
    assertThatThrownBy(() -> ApiKeys.of(List.of(line)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("API key 1");
  }

  @Test
  void aKeyInPlaceOfItsLineIsNotRepeated() {
    assertThatThrownBy(() -> ApiKeys.of(List.of(first)))
        .hasMessageContaining("roomcast apikey")
        .hasMessageNotContaining(first);
  }

  @Test
  void aKeyIsThereOnce() {
    String line = ApiKeys.line("a", Set.of(Scope.READ), first);
    assertThatThrownBy(() -> ApiKeys.of(List.of(line, line.replace("a:", "b:"))))
        .hasMessageContaining("API key 2 is there twice");
  }
}
