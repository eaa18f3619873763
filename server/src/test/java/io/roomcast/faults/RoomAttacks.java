package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.faults.Attacks.Finding;
import io.roomcast.protocol.Json;
import io.roomcast.protocol.RoomName;
import io.roomcast.testing.JsonTree;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.RespClient;
import io.roomcast.testing.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Attacks by names of rooms, by their number, and by what is published in Redis. */
record RoomAttacks(Attacks attacks, Path log) {
  private static final String[] SCRAPS = {
    "*",
    "?",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "\r\n",
    "\n",
    "\0",
    " ",
    "\t",
    "\u202e",
    "\u200f",
    "\u00e9",
    "e\u0301",
    "room:",
    "..",
    "/",
    "%2f",
    "%00",
    "'",
    "\"",
    "<b>",
    "$(x)",
    "${jndi:x}",
    "\ud83d\ude00",
    "\ud800",
    "a",
    "B",
    "\u0130",
    "\u2028",
    "PSUBSCRIBE",
    "roomcast:control:room:",
    ":",
    "#",
    "\u007f"
  };

  /** Names made to be taken for something else: a pattern, another name, a line of the log. */
  Finding names() throws Exception {
    Set<String> good = new LinkedHashSet<>();
    Set<String> bad = new LinkedHashSet<>();
    for (String name : make(attacks.scale().names())) {
      (RoomName.flaw(name).isEmpty() ? good : bad).add(name);
    }
    try (RedisProcess redis = RedisProcess.start();
        ServerNode node = attacks.server("--redis", redis.uri());
        RawWebSocket socket = RawWebSocket.open(node.port());
        RespClient commands = redis.client()) {
      List<String> wrong = new ArrayList<>();
      int refused = refused(node, bad, wrong);
      List<String> names = List.copyOf(good);
      for (int from = 0; from < names.size(); from += 100) {
        visit(socket, names.subList(from, Math.min(from + 100, names.size())), wrong);
      }
      String patterns = String.valueOf(commands.call("PUBSUB", "NUMPAT"));
      String[] lines = Files.readString(log).split("\n", -1);
      long strange = java.util.Arrays.stream(lines).filter(l -> l.contains("jndi")).count();
      wrong.stream().limit(5).forEach(System.err::println);
      return new Finding(
          "S11",
          String.format(
              Locale.ROOT,
              "%,d names with patterns, control characters, look-alikes, prefixes of ours",
              good.size() + bad.size()),
          String.format(
              Locale.ROOT,
              "%,d refused, %,d joined, each got its own message and no other: %d wrong; %s pattern"
                  + " subscriptions in Redis; %d lines in the log",
              refused,
              good.size(),
              wrong.size(),
              patterns,
              strange),
          wrong.isEmpty() && patterns.equals("0") && strange == 0 && refused == bad.size());
    }
  }

  private static Set<String> make(int count) {
    Random random = new Random(11);
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < count) {
      StringBuilder name = new StringBuilder();
      for (int n = random.nextInt(1, 8); n > 0; n--) {
        name.append(SCRAPS[random.nextInt(SCRAPS.length)]);
      }
      name.append(random.nextInt(10) == 0 ? "x".repeat(random.nextInt(300)) : "");
      names.add(name.toString());
      // The same to the eye, and another room.
      names.add(Normalizer.normalize(name, Normalizer.Form.NFC));
      names.add(Normalizer.normalize(name, Normalizer.Form.NFD));
    }
    return names;
  }

  private static int refused(ServerNode node, Set<String> bad, List<String> wrong)
      throws IOException {
    int refused = 0;
    RawWebSocket socket = RawWebSocket.open(node.port());
    for (String name : bad) {
      String answer = socket.ask(command("SUBSCRIBE", name, ""));
      if (answer.contains("\"code\":1422,")) {
        refused++;
      } else {
        wrong.add("not refused: " + answer);
      }
      if (refused % 50 == 49) {
        socket.close();
        socket = RawWebSocket.open(node.port());
        refused += 0;
      }
    }
    socket.close();
    return refused;
  }

  /** Joins them, sends each its own number, and leaves. */
  private static void visit(RawWebSocket socket, List<String> names, List<String> wrong)
      throws IOException {
    for (String name : names) {
      socket.ask(command("SUBSCRIBE", name, ""));
    }
    for (int i = 0; i < names.size(); i++) {
      socket.say(
          command("sendMessage", names.get(i), ",\"message\":" + i).replace("\"id\":1,", ""));
    }
    for (int n = 0; n < names.size(); n++) {
      String event = socket.hear();
      Map<String, Object> fields = Schema.map(Objects.requireNonNull(JsonTree.read(event)));
      int number = fields.get("message") instanceof Long whole ? whole.intValue() : -1;
      if (number < 0 || !names.get(number).equals(fields.get("room"))) {
        wrong.add(event);
      }
    }
    for (String name : names) {
      String answer = socket.ask(command("UNSUBSCRIBE", name, ""));
      if (!answer.contains("\"unsubscribed\"")) {
        wrong.add("a message too many: " + answer);
      }
    }
  }

  private static String command(String type, String room, String more) {
    StringBuilder out = new StringBuilder("{\"type\":\"" + type + "\",\"id\":1,\"room\":");
    // A lone surrogate is written as an escape, since UTF-8 has none.
    Json.quote(room.replace("\ud800", "\u0001"), out);
    return out.append(more).append('}').toString();
  }

  /** One client asks for rooms without an end. */
  Finding rooms() throws Exception {
    int asked = attacks.scale().names() * 10;
    try (ServerNode node = attacks.server()) {
      long before = node.residentBytes();
      int joined = 0;
      int closed = 0;
      int done = 0;
      while (done < asked) {
        try (RawWebSocket socket = RawWebSocket.open(node.port())) {
          while (done < asked) {
            done++;
            String answer = socket.ask(command("SUBSCRIBE", "r" + done, ""));
            joined += answer.contains("\"subscribed\"") ? 1 : 0;
            if (answer.contains("\"disconnect\"") && answer.contains("4500")) {
              closed++;
              break;
            }
          }
        }
      }
      long grown = node.residentBytes() - before;
      return new Finding(
          "S12",
          String.format(Locale.ROOT, "a client asks for %,d rooms", asked),
          String.format(
              Locale.ROOT,
              "128 at a time, %,d in all; closed %,d times with 4500; memory grew by %d MiB",
              joined,
              closed,
              grown / 1024 / 1024),
          closed > 0 && joined <= 128 * (closed + 1) && node.isAlive());
    }
  }

  /** What strangers publish into channels of rooms, and into that of the nodes. */
  Finding garbage() throws Exception {
    Random random = new Random(15);
    int count = attacks.scale().inputs();
    try (RedisProcess redis = RedisProcess.start();
        ServerNode node = attacks.server("--redis", redis.uri());
        RawWebSocket socket = RawWebSocket.open(node.port());
        RespClient stranger = redis.client()) {
      socket.join("r");
      for (int i = 0; i < count; i++) {
        byte[] payload = new byte[random.nextInt(400)];
        random.nextBytes(payload);
        String text = "rc1 at=x:" + random.nextInt() + "\n" + new String(payload, UTF_8);
        stranger.call("PUBLISH", "room:r", i % 2 == 0 ? text : text.replaceFirst("rc1", "rc9"));
        stranger.call("PUBLISH", "roomcast:control:room:", "rcc1 ask=" + i + " to=room:r\n" + text);
      }
      stranger.call("PUBLISH", "room:r", "last");
      String heard = socket.hear();
      String metrics = node.get("/metrics");
      double dropped =
          metrics
              .lines()
              .filter(l -> l.startsWith("roomcast_dropped_total{reason=\"broker_malformed\"}"))
              .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
              .sum();
      boolean quiet = !Files.readString(log).contains("Exception");
      return new Finding(
          "S15",
          String.format(
              Locale.ROOT, "%,d payloads that are no message, published in Redis", 2 * count),
          String.format(
              Locale.ROOT,
              "%,.0f dropped and counted, none reached a member, %s in the log",
              dropped,
              quiet ? "no exception" : "an exception"),
          heard.contains("\"last\"") && dropped == 2.0 * count && quiet && node.isAlive());
    }
  }
}
