package io.roomcast.faults;

import io.roomcast.auth.ApiKeys;
import io.roomcast.auth.TokenMaker;
import io.roomcast.faults.Attacks.Finding;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Scope;
import io.roomcast.room.Time;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Attacks on secrets: by how long a comparison takes, and by what stands in logs and metrics. */
record SecretAttacks(Attacks attacks, Path log) {
  private static final String SECRET = "secret-of-the-server-0123456789abcdef";

  /** Whether the time to refuse a key tells how much of it is right. */
  Finding timing() {
    String key = ApiKeys.generate();
    ApiKeys keys = ApiKeys.of(List.of(ApiKeys.line("k", Set.of(Scope.READ), key)));
    String[] guesses = {
      key.substring(0, key.length() - 1) + (key.endsWith("A") ? 'B' : 'A'), "rck_" + "-".repeat(43)
    };
    int samples = 500_000;
    double[][] took = new double[2][samples];
    Random random = new Random(10);
    int[] at = {0, 0};
    while (at[0] < samples || at[1] < samples) {
      int which = random.nextInt(2);
      if (at[which] == samples) {
        which = 1 - which;
      }
      long from = System.nanoTime();
      if (known(keys, guesses[which])) {
        throw new AssertionError("a guess was right");
      }
      took[which][at[which]++] = System.nanoTime() - from;
    }
    double t = Math.abs(welch(cropped(took[0]), cropped(took[1])));
    return new Finding(
        "S10",
        "1,000,000 wrong API keys, half of them right but for the last character",
        String.format(Locale.ROOT, "Welch's t is %.2f (4.5 would tell them apart)", t),
        t < 4.5);
  }

  private static boolean known(ApiKeys keys, String guess) {
    try {
      keys.check(guess);
      return true;
    } catch (Refused e) {
      return false;
    }
  }

  /**
   * Without the first tenth, in which it is compiled, and without the slowest, in which it is not.
   */
  private static double[] cropped(double[] all) {
    double[] rest = Arrays.copyOfRange(all, all.length / 10, all.length);
    Arrays.sort(rest);
    return Arrays.copyOf(rest, rest.length * 9 / 10);
  }

  private static double welch(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double varianceA = Arrays.stream(a).map(x -> (x - meanA) * (x - meanA)).sum() / (a.length - 1);
    double varianceB = Arrays.stream(b).map(x -> (x - meanB) * (x - meanB)).sum() / (b.length - 1);
    return (meanA - meanB) / Math.sqrt(varianceA / a.length + varianceB / b.length);
  }

  /** Everything secret that a server is shown, right and wrong, is looked for in what it tells. */
  Finding secrets() throws Exception {
    String key = ApiKeys.generate();
    String token =
        TokenMaker.withSecret(SECRET, Time.SYSTEM)
            .make(new TokenMaker.Draft("ann", Duration.ofHours(1)));
    Map<String, String> secrets = new LinkedHashMap<>();
    secrets.put("the token secret", SECRET);
    secrets.put("a token", token);
    secrets.put("a token's signature", token.substring(token.lastIndexOf('.') + 1));
    secrets.put("a wrong token", "eyJhbGciOiJub25lIn0.wrong-token.x");
    secrets.put("an API key", key);
    secrets.put("a wrong API key", ApiKeys.generate());
    secrets.put("a message", "whisper-4711");
    try (ServerNode node =
        attacks.server(
            "--token-secret",
            SECRET,
            "--api-key",
            ApiKeys.line("k", Set.of(Scope.values()), key))) {
      for (String secret : List.copyOf(secrets.values())) {
        show(node, secret);
      }
      try (RawWebSocket socket = RawWebSocket.open(node.port(), "Authorization: Bearer " + token)) {
        socket.join("r");
        socket.ask("{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":\"whisper-4711\"}");
      }
      String told = Files.readString(log) + node.get("/metrics") + node.get("/ready");
      List<String> found = new ArrayList<>();
      secrets.forEach(
          (name, secret) -> {
            if (told.contains(secret)) {
              found.add(name);
            }
          });
      return new Finding(
          "S16",
          secrets.size() + " secrets shown in frames, headers, paths and queries, right and wrong",
          "found in the log, the metrics or an answer: " + (found.isEmpty() ? "none" : found),
          found.isEmpty() && node.isAlive());
    }
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
        socket.send(
            ("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
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
