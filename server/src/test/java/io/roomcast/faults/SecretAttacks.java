package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.roomcast.auth.ApiKeys;
import io.roomcast.auth.TokenMaker;
import io.roomcast.faults.Attacks.Finding;
import io.roomcast.room.Scope;
import io.roomcast.room.Time;
import io.roomcast.testing.CliProcess;
import io.roomcast.testing.HookServer;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything secret that a server is given or shown, right and wrong, is looked for in what it
 * tells: its log, its metrics, its answers, while its Redis refuses it, its webhook fails, and
 * where it refuses to start.
 */
record SecretAttacks(Attacks attacks, Path log) {
  private static final String SECRET = "secret-of-the-server-0123456789abcdef";
  private static final String HOOK_SECRET = "secret-of-the-webhook-0123456789abcdef";
  private static final String PASSWORD = "password-of-redis-4711";
  private static final String FILE_SECRET =
      Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString("secret-in-a-file-0123456789abcdef-0123456".getBytes(US_ASCII));
  private static final String MESSAGE = "whisper-4711";
  private static final int BAD_STARTS = 6;

  private static Map<String, String> known(String key, String token) {
    Map<String, String> secrets = new LinkedHashMap<>();
    secrets.put("the token secret", SECRET);
    secrets.put("the key in a file", FILE_SECRET);
    secrets.put("the webhook's secret", HOOK_SECRET);
    secrets.put("the password of Redis", PASSWORD);
    secrets.put("a token", token);
    secrets.put("a token's signature", token.substring(token.lastIndexOf('.') + 1));
    secrets.put("a wrong token", "eyJhbGciOiJub25lIn0.wrong-token.x");
    secrets.put("an API key", key);
    secrets.put("a wrong API key", ApiKeys.generate());
    secrets.put("a message", MESSAGE);
    return secrets;
  }

  Finding secrets() throws Exception {
    String key = ApiKeys.generate();
    String token =
        TokenMaker.withSecret(SECRET, Time.SYSTEM)
            .make(new TokenMaker.Draft("ann", Duration.ofHours(1)));
    Map<String, String> secrets = known(key, token);
    Path file = Files.createTempFile("roomcast-key", ".json");
    Files.writeString(file, "{\"kty\":\"oct\",\"kid\":\"f\",\"k\":\"" + FILE_SECRET + "\"}");
    try (RedisProcess redis = RedisProcess.start("--requirepass", PASSWORD);
        HookServer hook = new HookServer();
        ServerNode node = attacks.server(flags(key, file, redis, hook))) {
      hook.answers(500, "no");
      for (String secret : List.copyOf(secrets.values())) {
        show(node, secret);
      }
      speak(node, token);
      String told =
          refused(redis, node)
              + Files.readString(log)
              + node.get("/metrics")
              + node.get("/ready")
              + refusedStarts(file);
      List<String> found = new ArrayList<>();
      secrets.forEach(
          (name, secret) -> {
            if (told.contains(secret)) {
              found.add(name);
            }
          });
      boolean tried = !hook.calls().isEmpty() && told.contains("redis") && told.contains("webhook");
      return new Finding(
          "S16",
          secrets.size()
              + " secrets, given in settings and shown in frames, headers, paths and queries, right"
              + " and wrong, while Redis refuses the server, the webhook fails, and in "
              + BAD_STARTS
              + " refused starts",
          "found in the log, the metrics, an answer or an error: "
              + (found.isEmpty() ? "none" : found),
          found.isEmpty() && tried && node.isAlive());
    } finally {
      Files.delete(file);
    }
  }

  private static String[] flags(String key, Path file, RedisProcess redis, HookServer hook) {
    return new String[] {
      "--token-secret",
      SECRET,
      "--token-key",
      file.toString(),
      "--api-key",
      ApiKeys.line("k", Set.of(Scope.values()), key),
      "--redis",
      "redis://:" + PASSWORD + "@127.0.0.1:" + redis.port(),
      "--webhook",
      hook.url(),
      "--webhook-secret",
      HOOK_SECRET,
      "--webhook-events",
      "rooms",
      "--webhook-events",
      "members",
      "--rule",
      "desk join=webhook send=webhook",
      "--rule",
      "kept log=5/1h presence"
    };
  }

  /** Messages to rooms of all kinds, also where the webhook is asked and gives no answer. */
  private static void speak(ServerNode node, String token) throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(node.port(), "Authorization: Bearer " + token)) {
      socket.join("r");
      for (String room : List.of("r", "kept", "desk")) {
        socket.ask(
            "{\"type\":\"SUBSCRIBE\",\"id\":2,\"room\":\""
                + room
                + "\",\"token\":\""
                + token
                + "\"}");
        socket.ask(
            "{\"type\":\"sendMessage\",\"id\":3,\"room\":\""
                + room
                + "\",\"message\":\""
                + MESSAGE
                + "\"}");
      }
    }
  }

  /**
   * Has Redis take another password for a while, and throw everybody out; answers what the server
   * says of it.
   */
  private static String refused(RedisProcess redis, ServerNode node) throws InterruptedException {
    String[] state = {""};
    try (RespClient client = redis.client()) {
      client.call("AUTH", PASSWORD);
      client.call("CONFIG", "SET", "requirepass", "another");
      client.call("CLIENT", "KILL", "SKIPME", "yes");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                state[0] = ready(node);
                return state[0].contains("WRONGPASS");
              });
      client.call("CONFIG", "SET", "requirepass", PASSWORD);
    }
    node.awaitReady();
    return state[0];
  }

  private static String ready(ServerNode node) throws IOException {
    try (RawWebSocket socket = RawWebSocket.connect(node.port())) {
      socket.send("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      return socket.response().body();
    }
  }

  /** What a server says that is given something secret where it cannot be taken. */
  private static String refusedStarts(Path file) throws IOException, InterruptedException {
    Path garbage = Files.createTempFile("roomcast-garbage", ".pem");
    Files.writeString(garbage, "-----BEGIN PRIVATE KEY-----\n" + FILE_SECRET + "\n");
    String[][] starts = {
      {"--token-secret", SECRET, "--redis", "redis://:" + PASSWORD + "@127.0.0.1:port"},
      {"--token-secret", SECRET, "--redis", "http://:" + PASSWORD + "@127.0.0.1"},
      {"--token-key", garbage.toString()},
      {"--token-secret", SECRET, "--token-key", file.toString(), "--open"},
      {"--api-key", "k:publish:" + FILE_SECRET},
      {"--webhook-secret", HOOK_SECRET, "--webhook", "ftp://" + PASSWORD + "@hook/"},
    };
    StringBuilder told = new StringBuilder();
    for (String[] flags : starts) {
      List<String> line = new ArrayList<>(List.of("serve", "--port", "0"));
      line.addAll(List.of(flags));
      try (CliProcess start = CliProcess.start(line.toArray(String[]::new))) {
        if (start.exitCode() == 0) {
          throw new AssertionError("was not refused: " + List.of(flags));
        }
        told.append(start.errors());
      }
    }
    Files.delete(garbage);
    if (starts.length != BAD_STARTS) {
      throw new AssertionError("another number is told");
    }
    return told.toString();
  }

  /** Shows it in every place where somebody could. */
  private static void show(ServerNode node, String secret) throws IOException {
    for (String headers :
        List.of(
            "Authorization: Bearer " + secret, "X-Token: " + secret, "Cookie: token=" + secret)) {
      try (RawWebSocket socket = RawWebSocket.connect(node.port())) {
        socket.send(RawWebSocket.request(headers));
        socket.response();
      }
    }
    for (String target :
        List.of(
            "/ws?token=" + secret,
            "/v1/rooms?key=" + secret,
            "/" + secret,
            "/v1/users/" + secret)) {
      try (RawWebSocket socket = RawWebSocket.connect(node.port())) {
        socket.send(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
        if (socket.response().body().contains(secret)) {
          throw new AssertionError("repeated in an answer: " + target);
        }
      }
    }
    try (RawWebSocket socket = RawWebSocket.open(node.port())) {
      for (String command :
          List.of(
              "{\"type\":\"connect\",\"id\":1,\"token\":\"" + secret + "\"}",
              "{\"type\":\"refresh\",\"id\":1,\"token\":\"" + secret + "\"}",
              "{\"type\":\"ping\",\"id\":1,\"token\":" + secret)) {
        if (socket.ask(command).contains(secret)) {
          throw new AssertionError("repeated in an answer: " + command);
        }
      }
    }
  }
}
