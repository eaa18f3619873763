package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.RuleReader;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.FakeNode.Client;
import io.roomcast.testing.Verdicts;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node where tokens are the names of users, and what its clients say and are told. */
final class QuotaTalk {
  private static final Pattern AFTER = Pattern.compile("\"temporary\":true,\"after\":([0-9]+)}");

  private QuotaTalk() {}

  static FakeNode node(Allowances allowances, Census census, String... rules) {
    return new FakeNode(
        Verdicts.authenticator(token -> new Identity(token, Long.MAX_VALUE)),
        allowances,
        census,
        RuleReader.book(List.of(rules)));
  }

  static Client client(FakeNode fake, String user) {
    Client client = fake.client("10.0.0.1");
    client.say("{\"type\":\"connect\",\"token\":\"" + user + "\"}");
    return client;
  }

  static String send(String room, String json) {
    return "{\"type\":\"sendMessage\",\"id\":1,\"room\":\"" + room + "\",\"message\":" + json + "}";
  }

  /** What a client is told to wait, and that it was told no more. */
  static long after(List<String> said) {
    assertThat(said).hasSize(1);
    Matcher matcher = AFTER.matcher(said.getFirst());
    assertThat(matcher.find()).as(said.getFirst()).isTrue();
    assertThat(said.getFirst()).contains("\"code\":1429");
    return Long.parseLong(matcher.group(1));
  }
}
