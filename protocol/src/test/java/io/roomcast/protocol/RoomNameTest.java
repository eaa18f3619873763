package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoomNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"a", " ", "room:1", "*", "{x}", "\"\\", "é€\ud83d\ude00", "\u00a0", "\ufeff"})
  void takesAnythingPrintable(String name) {
    assertThat(RoomName.flaw(name)).isEmpty();
  }

  @Test
  void refusesEveryControlCharacter() {
    for (char c = 0; c < Character.MIN_SURROGATE; c++) {
      boolean control = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      assertThat(RoomName.flaw("a" + c).isEmpty()).as("U+%04x", (int) c).isEqualTo(!control);
    }
  }

  @Test
  void countsBytesOfUtf8() {
    for (String one : new String[] {"a", "é", "€", "\ud83d\ude00"}) {
      int fits = WireLimits.ROOM_BYTES / one.getBytes(UTF_8).length;
      String name = one.repeat(fits);
      name += "a".repeat(WireLimits.ROOM_BYTES - name.getBytes(UTF_8).length);
      assertThat(RoomName.flaw(name)).isEmpty();
      assertThat(RoomName.flaw(name + "a")).isEqualTo("must be at most 200 bytes of UTF-8");
    }
    assertThat(RoomName.flaw("")).isEqualTo("must not be empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xd800, 0xdbff, 0xdc00, 0xdfff})
  void refusesALoneSurrogate(int surrogate) {
    char lone = (char) surrogate;
    for (String name : new String[] {"" + lone, "a" + lone + "a", lone + "\ud83d\ude00"}) {
      assertThat(RoomName.flaw(name)).contains("lone surrogate");
    }
  }
}
