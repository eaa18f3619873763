package io.roomcast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.roomcast.Roomcast;
import io.roomcast.room.Allowance;
import io.roomcast.room.Limits;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AllowanceReaderTest {
  @Test
  void everyWordIsRead() {
    assertThat(
            AllowanceReader.read(
                " joins=5  bytes=1MiB,commands=4 rooms=3 connections=2 ", AllowanceReader.ALL))
        .isEqualTo(new Allowance(2, 3, 4, 1 << 20, 5));
    assertThat(AllowanceReader.read("", AllowanceReader.ALL)).isEqualTo(Allowance.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "commands|commands must be 1 to 10000000; leave it out for no limit",
        "commands=0|commands must be 1 to",
        "commands=-1|commands must be 1 to",
        "commands=1KiB|commands must be 1 to",
        "bytes=2GiB|bytes must be 1 to 1073741824",
        "speed=1|unknown word speed",
        "joins=1 joins=2|joins is given twice",
        "connections=10000001|connections must be 1 to",
      })
  void whatIsWrongIsSaid(String text, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowanceReader.read(text, AllowanceReader.ALL))
        .withMessageContaining(expected);
  }

  @Test
  void aSessionHasNoConnections() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowanceReader.read("connections=1", AllowanceReader.SESSION))
        .withMessageContaining("unknown word connections");
  }

  @Test
  void roomsAndCommandsOfASessionStandInOneOfTwoPlaces() {
    Limits limits = limits("ROOMCAST_ROOMS_PER_SESSION", "7", "ROOMCAST_COMMANDS_PER_SECOND", "9");
    assertThat(limits.rooms()).isEqualTo(7);
    assertThat(limits.commandsPerSecond()).isEqualTo(9);
    limits = limits("ROOMCAST_ROOMS_PER_SESSION", "7", "ROOMCAST_PER_SESSION", "commands=5");
    assertThat(limits.rooms()).isEqualTo(7);
    assertThat(limits.commandsPerSecond()).isEqualTo(5);
    assertThat(limits.commandBurst()).isEqualTo(10);
    limits = limits("ROOMCAST_ROOMS_PER_SESSION", "7", "ROOMCAST_PER_SESSION", "rooms=3");
    assertThat(limits.rooms()).isEqualTo(3);
    assertThat(limits.commandsPerSecond()).isEqualTo(Limits.DEFAULT.commandsPerSecond());
  }

  private static Limits limits(String one, String value, String other, String another) {
    Settings settings =
        new Settings.Sources(new Layer(), Map.of(one, value, other, another), "").read();
    return Roomcast.builder().settings(settings).config().limits();
  }
}
