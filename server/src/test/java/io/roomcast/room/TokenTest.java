package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.protocol.CloseCode;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.Verdicts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that asks for tokens. A good one is a name and the second at which it ends. */
final class TokenTest {
  private static final long START = 1_700_000_000L;

  private static final Authenticator STRICT =
      Verdicts.authenticator(
          token -> {
            int at = token.indexOf('@');
            if (at < 0) {
              throw new Refused("not a token");
            }
            return new Identity(
                token.substring(0, at), 1000 * Long.parseLong(token.substring(at + 1)));
          });

  private final FakeNode fake = new FakeNode(STRICT, Limits.DEFAULT.withCommandsPerSecond(0));

  private static String connect(String token, String more) {
    return "{\"type\":\"connect\",\"id\":1,\"token\":\"" + token + "\"" + more + "}";
  }

  @Test
  void nothingButConnectRefreshAndPingIsTakenBefore() {
    Client a = fake.client();
    for (String command :
        new String[] {
          "{\"type\":\"SUBSCRIBE\",\"room\":\"r\"}",
          "{\"type\":\"UNSUBSCRIBE\",\"room\":\"r\"}",
          "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":1}",
          "{\"type\":\"history\",\"room\":\"r\"}",
          "{\"type\":\"presence\",\"room\":\"r\"}",
          "{\"type\":\"connect\",\"token\":\"bad\"}",
          "{\"type\":\"connect\"}",
          "{\"type\":\"refresh\",\"token\":\"bad\"}"
        }) {
      assertThat(a.say(command).getFirst()).contains("\"code\":1401");
    }
    assertThat(a.say("{\"type\":\"ping\"}")).containsExactly("{\"type\":\"pong\"}");
    assertThat(a.say("nonsense").getFirst()).contains("\"code\":1400");
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(fake.telemetry().count("received")).isZero();
  }

  @Test
  void aGoodTokenOpensAndItsUserIsTheSender() {
    Client a = fake.client();
    assertThat(a.say(connect("ann@" + (START + 60), ",\"name\":\"not ann\"")).getFirst())
        .contains("\"connected\"");
    a.subscribe("r");
    assertThat(a.say("{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":1}"))
        .containsExactly("{\"type\":\"message\",\"room\":\"r\",\"message\":1,\"from\":\"ann\"}");
  }

  @Test
  void aTokenThatRunsOutClosesTheDoorUntilItIsRefreshed() {
    Client a = fake.client();
    a.say(connect("ann@" + (START + 60), ""));
    fake.time().advance(Duration.ofSeconds(59));
    assertThat(fake.node().admission().expired(a.session())).isFalse();
    fake.time().advance(Duration.ofSeconds(1));
    assertThat(fake.node().admission().expired(a.session())).isTrue();
    assertThat(a.say("{\"type\":\"SUBSCRIBE\",\"room\":\"r\",\"id\":2}").getFirst())
        .contains("\"code\":1401");
    assertThat(a.say("{\"type\":\"refresh\",\"id\":3,\"token\":\"ann@" + (START + 120) + "\"}"))
        .singleElement()
        .asString()
        .contains("\"connected\",\"id\":3");
    assertThat(a.say("{\"type\":\"SUBSCRIBE\",\"room\":\"r\",\"id\":4}").getFirst())
        .contains("\"subscribed\",\"id\":4");
  }

  @Test
  void whoShowedATokenAtTheDoorNeedsNoneToConnect() throws Exception {
    Client a = fake.client();
    fake.node().identify(a.session(), Verdicts.of(STRICT, "ann@" + (START + 60)));
    assertThat(a.say("{\"type\":\"connect\",\"id\":1,\"session\":\"s\"}"))
        .containsExactly("{\"type\":\"connected\",\"id\":1,\"session\":\"s\",\"node\":\"fake\"}");
    assertThat(a.session().from()).isEqualTo("ann");
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
    }
  }

  @Test
  void aSessionEndsAtTheSecondAtWhichItsTokenDoes() {
    Client a = fake.client();
    a.say(connect("ann@" + (START + 200), ""));
    seconds(199);
    assertThat(a.transport().closes()).isEmpty();
    seconds(1);
    assertThat(a.transport().closes()).containsExactly(CloseCode.TOKEN_EXPIRED);
  }

  @Test
  void aRefreshMovesTheEnd() {
    Client a = fake.client();
    a.say(connect("ann@" + (START + 60), ""));
    seconds(59);
    a.say("{\"type\":\"refresh\",\"token\":\"ann@" + (START + 120) + "\"}");
    seconds(60);
    assertThat(a.transport().closes()).isEmpty();
    seconds(1);
    assertThat(a.transport().closes()).containsExactly(CloseCode.TOKEN_EXPIRED);
  }

  @Test
  void aClockThatIsSetEndsNoSession() {
    Client a = fake.client();
    a.say(connect("ann@" + (START + 60), ""));
    fake.time().jump(Duration.ofHours(1));
    seconds(59);
    assertThat(a.transport().closes()).isEmpty();
    fake.time().jump(Duration.ofHours(-2));
    seconds(1);
    assertThat(a.transport().closes()).containsExactly(CloseCode.TOKEN_EXPIRED);
  }

  @Test
  void whoEndsBeforeItsTokenLeavesNothingBehind() {
    Client a = fake.client();
    a.say(connect("ann@" + (START + 60), ""));
    a.end();
    seconds(61);
    assertThat(a.transport().closes()).isEmpty();
  }
}
