package io.roomcast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code roomcast apikey} prints is what a server takes. */
final class ApikeyCommandTest {
  private static String run(int expected, String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(printed, true, UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      assertThat(RoomcastCommand.run(arguments)).isEqualTo(expected);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return printed.toString(UTF_8);
  }

  @Test
  void theKeyAndTheLineBelongTogether() throws Exception {
    List<String> lines =
        run(0, "apikey", "--name", "ci", "--scopes", "read,publish").lines().toList();
    String key = lines.get(0).replaceFirst("key +", "");
    String line = lines.get(1).replaceFirst("server +", "");
    assertThat(line).startsWith("ci:publish,read:").doesNotContain(key);
    assertThat(ApiKeys.of(List.of(line)).check(key).scopes())
        .containsExactlyInAnyOrder(Scope.READ, Scope.PUBLISH);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThat(run(2, "apikey", "--scopes", "fly")).contains("publish, read, control, admin");
    assertThat(run(2, "apikey", "--name", "a b")).contains("name");
    assertThat(run(2, "serve", "--port", "0", "--api-key", "rck_secret"))
        .contains("API key 1", "roomcast apikey")
        .doesNotContain("rck_secret");
  }
}
