package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.CloseCode;
import io.roomcast.redis.ControlCodec.Message;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.ClusterCommand.Who;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nodes say to each other. That every kind comes through whole, the port's contract shows. */
class ControlCodecTest {
  private static final Message.Ask ASK =
      new Message.Ask(
          "17",
          "roomcast:control:room:#7a",
          new ClusterCommand.Disconnect(Who.user("a b"), CloseCode.DISCONNECTED, "bye now"));

  @Test
  void itIsReadable() {
    assertThat(new String(ControlCodec.write(ASK), UTF_8))
        .isEqualTo(
            """
            rcc1 ask=17 to=roomcast%3Acontrol%3Aroom%3A%237a
            disconnect user=a+b code=4502 text=bye+now
            """);
    assertThat(
            new String(
                ControlCodec.write(
                    new Message.Answer("17", "7a", new ClusterAnswer.Done("alpha", 2, 0))),
                UTF_8))
        .isEqualTo(
            """
            rcc1 answer=17 from=7a
            done node=alpha sessions=2 failed=0
            """);
  }

  @Test
  void tokensThatAreNotKnownArePassedOver() {
    byte[] newer =
        """
        rcc1 ask=1 to=x hops=3
        rooms prefix= after= limit=5 sort=name
        """
            .getBytes(UTF_8);
    assertThat(ControlCodec.read(newer))
        .contains(new Message.Ask("1", "x", new ClusterCommand.Rooms("", "", 5)));
  }

  @Test
  void nothingThatIsBentThrows() {
    Random random = new Random(7);
    byte[] good = ControlCodec.write(ASK);
    int understood = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bent = good.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        bent[random.nextInt(bent.length)] = (byte) random.nextInt(256);
      }
      if (ControlCodec.read(bent).isPresent()) {
        understood++;
      }
    }
    // Many a bent byte is in a text, where any letter will do.
    assertThat(understood).isBetween(1000, 49_000);
    assertThat(ControlCodec.read(new byte[ControlCodec.MOST_BYTES + 1])).isEmpty();
  }
}
