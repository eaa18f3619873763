package io.roomcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.client.Gap;
import io.roomcast.client.Message;
import io.roomcast.client.RoomEvent;
import io.roomcast.protocol.Position;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What a person sees, and what a pipe gets. */
final class ScreenTest {
  private static final Message MESSAGE =
      new Message(
          "r", "\"hi\\u001b[2J\"", "ann", "", 0, Position.NONE, "{\"type\":\"message\",\n\"a\":1}");

  private static String shown(RoomEvent event, boolean person, boolean coloured) {
    StringWriter text = new StringWriter();
    assertThat(new Screen(new PrintWriter(text), person, coloured).print(event)).isTrue();
    return text.toString();
  }

  @Test
  void aPipeGetsEachEventAsALine() {
    assertThat(shown(MESSAGE, false, true)).isEqualTo("{\"type\":\"message\", \"a\":1}\n");
  }

  @Test
  void aPersonSeesColoursOnlyOfOurMaking() {
    assertThat(shown(MESSAGE, true, false)).isEqualTo("r  ann  hi\ufffd[2J\n");
    assertThat(shown(MESSAGE, true, true))
        .isEqualTo("\u001b[36mr\u001b[0m  \u001b[1mann\u001b[0m  hi\ufffd[2J\n");
    assertThat(shown(new Gap("r", 1, 2, "log", 0, "{}"), true, false))
        .isEqualTo("r  some messages may be missing (log)\n");
    assertThat(shown(new Gap("r", 1, 2, "slow", 212, "{}"), true, false))
        .isEqualTo("r  212 messages are missing (slow)\n");
  }
}
