package io.roomcast.room;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.roomcast.protocol.Command;
import io.roomcast.protocol.CommandReader;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.Reply;
import io.roomcast.protocol.RoomName;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;

/** Whatever a client says is a command, or is rejected in words. */
class ProtocolFuzzTest {

  @FuzzTest
  void commands(byte[] frame) {
    for (Command command : CommandReader.read(frame, 0, frame.length)) {
      if (command instanceof Command.Rejected no) {
        byte[] error = Reply.error(no.id(), no.code(), no.text());
        Assertions.assertThat(Json.isValue(error, 0, error.length)).isTrue();
      }
    }
  }

  @FuzzTest
  void roomNames(byte[] bytes) {
    String name = new String(bytes, StandardCharsets.UTF_8);
    if (RoomName.flaw(name).isEmpty()) {
      Assertions.assertThat(name.getBytes(StandardCharsets.UTF_8).length).isBetween(1, 200);
      Assertions.assertThat(name).doesNotContain("\r", "\n", "\0");
    }
  }

  @FuzzTest
  void origins(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int half = text.length() / 2;
    Origins own = new Origins(java.util.List.of("https://chat.example"), false);
    String origin = text.substring(0, half);
    if (own.allowed(origin, text.substring(half)) && !origin.isEmpty()) {
      Assertions.assertThat(origin).containsIgnoringCase("://");
    }
  }
}
