package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.protocol.CloseCode;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Kind;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.Verdicts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do what in which room, by rules and tokens. */
final class AccessTest {
  private static final Rulebook BOOK =
      RuleReader.book(
          List.of(
              "public join=anyone send=anyone members=anyone history=anyone",
              "signed join=user send=user members=user history=user",
              "named:* join=token send=token members=token history=token",
              "closed join=server send=server members=server history=server",
              "mixed join=anyone send=token history=server log=5/1h"));

  private final Map<String, Identity> tokens = new HashMap<>();
  private final FakeNode fake =
      new FakeNode(
          Verdicts.authenticator(
              token -> {
                Identity identity = tokens.get(token);
                if (identity == null) {
                  throw new Refused("not a token");
                }
                return identity;
              }),
          Limits.DEFAULT.withCommandsPerSecond(0),
          BOOK);

  private Identity identity(String user, long seconds, Grants grants) {
    long until = seconds == 0 ? Long.MAX_VALUE : fake.time().wallMillis() + 1000 * seconds;
    return new Identity(Kind.USER, user, until, 0, "", "", grants);
  }

  private static Grants grants(String room, Action... actions) {
    return new Grants(Map.of(room, Set.of(actions)));
  }

  private Client client(Identity identity) {
    Client client = fake.client();
    fake.node().identify(client.session(), identity);
    return client;
  }

  private static String join(String room) {
    return "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"" + room + "\"}";
  }

  private static String send(String room) {
    return "{\"type\":\"sendMessage\",\"id\":1,\"room\":\"" + room + "\",\"message\":1}";
  }

  @ParameterizedTest
  @CsvSource({
    "public,   GRANTED,     GRANTED,     GRANTED",
    "signed,   NEEDS_USER,  GRANTED,     GRANTED",
    "named:a,  NEEDS_GRANT, NEEDS_GRANT, GRANTED",
    "named:b,  NEEDS_GRANT, NEEDS_GRANT, NEEDS_GRANT",
    "closed,   SERVER_ONLY, SERVER_ONLY, SERVER_ONLY",
    "other,    NEEDS_USER,  GRANTED,     GRANTED",
  })
  void aRoomsRuleDecides(String room, Permission anonymous, Permission user, Permission named) {
    Identity holder = identity("ann", 0, grants("named:a", Action.values()));
    Identity server = new Identity(Kind.SERVER, "", Long.MAX_VALUE, 0, "", "", Grants.NONE);
    for (Action action : Action.values()) {
      assertThat(fake.node().permission(Identity.ANONYMOUS, action, room)).isEqualTo(anonymous);
      assertThat(fake.node().permission(new Identity("bob", 1), action, room)).isEqualTo(user);
      assertThat(fake.node().permission(holder, action, room)).isEqualTo(named);
      assertThat(fake.node().permission(server, action, room)).isEqualTo(Permission.GRANTED);
    }
  }

  @Test
  void onAServerThatIsOpenEverybodyMayWhatNoRuleForbids() {
    FakeNode open = new FakeNode(Authenticator.OPEN, Limits.DEFAULT, BOOK);
    for (Action action : Action.values()) {
      assertThat(open.node().permission(Identity.ANONYMOUS, action, "other"))
          .isEqualTo(Permission.GRANTED);
      assertThat(open.node().permission(Identity.ANONYMOUS, action, "closed"))
          .isEqualTo(Permission.SERVER_ONLY);
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aGrantIsForItsActionAlone(Action granted) {
    Identity holder = identity("ann", 0, grants("named:*", granted));
    for (Action action : Action.values()) {
      assertThat(fake.node().permission(holder, action, "named:x") == Permission.GRANTED)
          .isEqualTo(action == granted);
    }
  }

  @Test
  void eachCommandIsHeldToItsRule() {
    Client nobody = fake.client();
    assertThat(nobody.say(join("public"))).singleElement().asString().contains("subscribed");
    assertThat(nobody.say(send("public"))).hasSize(2);
    assertThat(nobody.say(join("signed")).getFirst()).contains("\"code\":1401");
    assertThat(nobody.say(send("closed")).getFirst()).contains("\"code\":1403", "server API");
    Client ann = client(identity("ann", 0, grants("named:a", Action.JOIN)));
    assertThat(ann.say(join("named:a")).getFirst()).contains("subscribed");
    assertThat(ann.say(send("named:a")).getFirst()).contains("\"code\":1403", "send");
    assertThat(ann.say("{\"type\":\"history\",\"id\":1,\"room\":\"named:a\"}").getFirst())
        .contains("\"code\":1403", "history");
    assertThat(ann.say("{\"type\":\"presence\",\"id\":1,\"room\":\"named:a\"}").getFirst())
        .contains("\"code\":1403", "members");
    assertThat(fake.telemetry().count("received")).isEqualTo(1);
  }

  @Test
  void whoMayNotReadTheLogIsGivenNothingOfIt() {
    fake.broker().log("mixed", 5);
    fake.publish("mixed", "1");
    Client a = fake.client();
    assertThat(a.say("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"mixed\",\"last\":5}").getFirst())
        .contains("\"code\":1403", "history");
    List<String> heard =
        a.say(
            "{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\"mixed\",\"since\":{\"epoch\":\"e\",\"offset\":0}}");
    assertThat(heard).singleElement().asString().contains("\"recovered\":false");
  }

  @Test
  void aTokenForOneRoomOpensThatRoom() {
    tokens.put("room", identity("", 0, grants("named:a", Action.JOIN, Action.SEND)));
    Client nobody = fake.client();
    String shown = ",\"token\":\"room\"}";
    assertThat(nobody.say(join("named:b").replace("}", shown)).getFirst())
        .contains("\"code\":1403");
    assertThat(nobody.say(join("named:a").replace("}", ",\"token\":\"no\"}")).getFirst())
        .contains("\"code\":1401");
    assertThat(nobody.say(send("named:a")).getFirst()).contains("\"code\":1403");
    assertThat(nobody.say(join("named:a").replace("}", shown)).getFirst()).contains("subscribed");
    assertThat(nobody.say(send("named:a"))).hasSize(2).noneMatch(text -> text.contains("1403"));
    assertThat(nobody.say("{\"type\":\"history\",\"id\":1,\"room\":\"named:a\"}").getFirst())
        .contains("\"code\":1403");
    nobody.unsubscribe("named:a");
    assertThat(nobody.say(send("named:a")).getFirst()).contains("\"code\":1403");
  }

  @Test
  void aTokenForOneRoomIsForItsUser() {
    tokens.put("bobs", identity("bob", 0, grants("named:a", Action.JOIN)));
    Client ann = client(identity("ann", 0, Grants.NONE));
    String shown = join("named:a").replace("}", ",\"token\":\"bobs\"}");
    assertThat(ann.say(shown).getFirst()).contains("\"code\":1403", "another user");
    assertThat(fake.client().say(shown).getFirst()).contains("\"code\":1403", "another user");
    assertThat(client(identity("bob", 0, Grants.NONE)).say(shown).getFirst())
        .contains("subscribed");
  }

  @Test
  void theRoomIsLostWhenItsTokenIsOverAndTheSessionStays() {
    tokens.put("short", identity("", 5, grants("named:a", Action.JOIN)));
    tokens.put("longer", identity("", 12, grants("named:a", Action.JOIN)));
    Client nobody = fake.client();
    nobody.say(join("named:a").replace("}", ",\"token\":\"short\"}"));
    seconds(4);
    assertThat(nobody.say(join("named:a").replace("}", ",\"token\":\"longer\"}")).getFirst())
        .contains("subscribed");
    seconds(7);
    assertThat(nobody.hear()).isEmpty();
    seconds(1);
    assertThat(nobody.hear())
        .containsExactly(
            "{\"type\":\"unsubscribed\",\"room\":\"named:a\",\"code\":2001,\"text\":\"no longer"
                + " allowed\"}");
    assertThat(fake.broker().wanted()).isEmpty();
    assertThat(nobody.transport().closes()).isEmpty();
  }

  @Test
  void aTokenThatAllowsLessTakesAwayRooms() {
    tokens.put("less", identity("ann", 0, Grants.NONE));
    Client ann = client(identity("ann", 0, grants("named:*", Action.JOIN)));
    ann.subscribe("named:a");
    ann.subscribe("named:b");
    ann.subscribe("other");
    ann.hear();
    assertThat(ann.say("{\"type\":\"refresh\",\"token\":\"less\"}"))
        .hasSize(2)
        .allMatch(text -> text.contains("\"code\":2001"));
    assertThat(fake.broker().wanted()).containsExactly("other");
  }

  @Test
  void whoseTokenIsOverIsNobody() {
    Client ann = client(identity("ann", 10, grants("named:*", Action.JOIN, Action.SEND)));
    assertThat(ann.say(send("named:a"))).hasSize(1).noneMatch(text -> text.contains("1403"));
    fake.time().advance(Duration.ofSeconds(10));
    assertThat(ann.say(send("named:a")).getFirst()).contains("\"code\":1403");
    assertThat(ann.say(send("signed")).getFirst()).contains("\"code\":1401");
    fake.lane().tick();
    for (int i = 0; i < 10; i++) {
      fake.lane().tick();
    }
    assertThat(ann.transport().closes()).containsExactly(CloseCode.TOKEN_EXPIRED);
  }

  @Test
  void otherRulesTakeAwayRooms() {
    FakeNode changing =
        new FakeNode(Authenticator.OPEN, Limits.DEFAULT, RuleReader.book(List.of("a local")));
    Client client = changing.client();
    client.subscribe("a");
    client.subscribe("b");
    client.hear();
    changing.node().rules(RuleReader.book(List.of("a join=server")));
    assertThat(client.hear())
        .singleElement()
        .asString()
        .contains("\"unsubscribed\",\"room\":\"a\",\"code\":2001");
    assertThat(changing.broker().wanted()).containsExactly("b");
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      fake.time().advance(Duration.ofSeconds(1));
      fake.lane().tick();
    }
  }
}
