package io.roomcast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** What is not understood: exit code 2, and a reason that a person can act upon. */
final class UsageTest {
  private static String refused(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream errors = new PrintStream(printed, true, UTF_8)) {
      System.setErr(errors);
      assertThat(RoomcastCommand.run(arguments)).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    assertThat(printed.toString(UTF_8)).doesNotContain("\tat ");
    return printed.toString(UTF_8);
  }

  @Test
  void aCommandIsNeeded() {
    assertThat(refused()).contains("roomcast serve");
    assertThat(refused("srve")).contains("srve");
    assertThat(refused("serve", "--prot", "1")).contains("--prot");
  }

  @Test
  void serveNamesTheSettingThatCannotWork() {
    assertThat(refused("serve", "--port", "x")).contains("--port", "x");
    assertThat(refused("serve", "--port", "70000"))
        .contains("--port must be a whole number from 0 to 65535, not \"70000\"");
    assertThat(refused("serve", "--allow-origin", "https://chat.example/"))
        .contains("https://chat.example,", "nothing behind");
    assertThat(refused("serve", "--redis-connections", "17")).contains("from 0 to 16");
    assertThat(refused("serve", "--loops", "100"))
        .contains("--loops must be a whole number from 0 to 64");
    assertThat(refused("serve", "--drain", "-1")).contains("drain");
    assertThat(refused("serve", "--commands-per-second", "-1"))
        .contains("--commands-per-second must be");
    assertThat(refused("serve", "--transport", "kqueue"))
        .contains("--transport must be auto, io_uring, epoll or nio");
    assertThat(refused("serve", "--redis", "http://localhost")).contains("redis");
    assertThat(refused("serve", "--host", "no such host")).contains("no such host");
    assertThat(refused("serve", "--token-secret", "short")).contains("at least 32");
  }

  @Test
  void serveIsOpenBeyondThisMachineOnlyWhenToldSo() {
    assertThat(refused("serve", "--host", "0.0.0.0", "--port", "0"))
        .contains("0.0.0.0", "--token-secret", "--open");
    assertThat(refused("serve", "--open", "--token-secret", "x".repeat(32)))
        .contains("either --open or a token secret");
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    assertThat(refused("serve", "--port", "x", "--loops", "y", "--config", "no/such.yaml"))
        .contains("roomcast: --port must", "\nroomcast: --loops must")
        .contains("\nroomcast: no/such.yaml cannot be read: there is no such file");
  }

  @Test
  void configExplainsWhichRuleHolds() {
    assertThat(
            printed(
                "config", "explain", "--rule", "n* local", "--rule", "news:* log=5/1h", "news:1"))
        .isEqualTo(
            """
            The rule for news:* holds (--rule).
            Passed over: n*
              log=5/1h
              keys=5m  (default)
              slow=close  (default)
            """);
    assertThat(printed("config", "explain", "--rule", "n* local", "other"))
        .isEqualTo(
            """
            No rule speaks of other: the defaults hold.
              keys=5m  (default)
              slow=close  (default)
            """);
  }

  private static String printed(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, UTF_8)) {
      System.setOut(out);
      assertThat(RoomcastCommand.run(arguments)).isZero();
    } finally {
      System.setOut(before);
    }
    return printed.toString(UTF_8);
  }

  @Test
  void configChecksWhatServeWouldRefuse() {
    assertThat(refused("config")).contains("init, check, print or explain");
    assertThat(refused("config", "check", "--port", "x")).contains("--port");
    assertThat(refused("config", "check", "--rule", "a lock")).contains("unknown word lock");
    assertThat(refused("config", "explain", "--rule", "a lock", "a")).contains("unknown word lock");
    assertThat(refused("config", "explain")).contains("ROOM");
    assertThat(refused("config", "explain", "")).contains("room must not be empty");
    assertThat(refused("config", "check", "--host", "0.0.0.0")).contains("--open");
    assertThat(refused("config", "check", "--redis", "http://localhost")).contains("redis");
    assertThat(refused("config", "check", "--allow-origin", "x")).contains("https://chat.example");
  }

  @Test
  void clientsWantARoomAndAUrl() {
    assertThat(refused("sub")).contains("ROOM");
    assertThat(refused("pub")).contains("ROOM");
    assertThat(refused("pub", "a", "b", "c")).contains("c");
  }

  @Test
  void tokenWantsASecret() {
    assertThat(refused("token", "--token-secret", "short")).contains("32");
    assertThat(refused("token", "--token-secret", "")).contains("ROOMCAST_TOKEN_SECRET");
    assertThat(refused("token", "--token-secret", "x".repeat(32), "--minutes", "0"))
        .contains("minutes");
  }
}
