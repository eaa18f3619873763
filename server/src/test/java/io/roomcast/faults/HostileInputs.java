package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.testing.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What no client should send, each with what it is to be answered with. The same for one seed. */
final class HostileInputs {
  /** JSON that is none, or that is no command. */
  private static final List<String> MALFORMED =
      List.of(
          "",
          " ",
          "{",
          "}",
          "[",
          "]",
          "{]",
          "[}",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{a:1}",
          "{'a':1}",
          "[1,]",
          "[,1]",
          "{\"a\":1}{",
          "nul",
          "NaN",
          "Infinity",
          "-",
          "+1",
          "01",
          "1.",
          ".5",
          "1e",
          "1e+",
          "0x10",
          "\"",
          "\"\\x\"",
          "\"\\u12\"",
          "\"\\ud800\\u\"",
          "\"a\nb\"",
          "\"a\tb\"",
          "// x",
          "/* x */ {}",
          "{\"type\":\"ping\"} x",
          "\ufeff{}",
          "undefined",
          "True",
          "\u2028",
          "{\"a\":1 \"b\":2}",
          "[\"a\" \"b\"]",
          "{\"type\":\"ping\",\"id\":1e}",
          "1",
          "\"text\"",
          "true",
          "null",
          "[1]",
          "[[{\"type\":\"ping\"}]]",
          "[null]");

  /** Commands that are not as they should be. */
  private static final List<String> INVALID =
      List.of(
          "{}",
          "{\"type\":7}",
          "{\"type\":null}",
          "{\"type\":[]}",
          "{\"type\":\"ping\",\"type\":\"ping\"}",
          "{\"type\":\"SUBSCRIBE\"}",
          "{\"type\":\"SUBSCRIBE\",\"room\":1e999}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"\"}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"roomId\":\"b\"}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\\u0000b\"}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\\r\\nb\"}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"last\":-1}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"last\":1e3}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"since\":{\"epoch\":1,\"offset\":1}}",
          "{\"type\":\"SUBSCRIBE\",\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"offset\":99999999999999999999}}",
          "{\"type\":\"sendMessage\",\"room\":\"a\"}",
          "{\"type\":\"sendMessage\",\"message\":1}",
          "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1,\"echo\":\"no\"}",
          "{\"type\":\"ping\",\"id\":{}}",
          "{\"type\":\"ping\",\"id\":1.5}",
          "{\"type\":\"refresh\"}",
          "{\"type\":\"subscribe\",\"room\":\"a\"}",
          "{\"type\":\"PING\"}",
          "{\"type\":\"\"}",
          "{\"type\":\"__proto__\"}",
          "{\"type\":\"ping\\u0000\"}");

  /**
   * One.
   *
   * @param errors the codes of which one must come back; the connection stays. Empty when it closes
   * @param closes the codes of which one must close the connection
   */
  record Input(byte[] bytes, Set<Integer> errors, Set<Integer> closes) {}

  private final Random random;

  HostileInputs(long seed) {
    random = new Random(seed);
  }

  /** So many, of all kinds. */
  List<Input> take(int count) {
    List<Input> inputs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      inputs.add(
          switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> text(padded(any(MALFORMED)), Set.of(1400));
            case 4, 5, 6 -> text(padded(any(INVALID)), Set.of(1405, 1422));
            case 7 -> text(nested(), Set.of(1400));
            case 8 -> text(longField(), Set.of(1422));
            default -> broken();
          });
    }
    return inputs;
  }

  private String any(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Blanks change nothing, and make each input another. */
  private String padded(String json) {
    return " ".repeat(random.nextInt(200)) + json + "\n".repeat(random.nextInt(50));
  }

  private String nested() {
    int deep = 65 + random.nextInt(20_000);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    String end = random.nextBoolean() ? (open.equals("[") ? "]" : "}").repeat(deep) : "";
    String text = open.repeat(deep) + "1" + end;
    return "{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":"
        + text.substring(0, Math.min(text.length(), 30_000));
  }

  private String longField() {
    String text = "x".repeat(201 + random.nextInt(30_000));
    return random.nextBoolean()
        ? "{\"type\":\"SUBSCRIBE\",\"room\":\"" + text + "\"}"
        : "{\"type\":\"connect\",\"session\":\"" + text + "\"}";
  }

  private static Input text(String text, Set<Integer> errors) {
    return new Input(Frames.text(text), errors, Set.of());
  }

  private Input broken() {
    byte[] some = new byte[random.nextInt(100)];
    random.nextBytes(some);
    byte[] small = "x".repeat(random.nextInt(100)).getBytes(UTF_8);
    int fin = Frames.FIN;
    return switch (random.nextInt(11)) {
      case 0 -> closing(Frames.frame(fin | Frames.BINARY, some), 1003);
      case 1 -> closing(Frames.unmasked(fin | Frames.TEXT, small), 1002);
      case 2 -> closing(Frames.frame(fin | Frames.TEXT | 0x10 << random.nextInt(3), small), 1002);
      case 3 -> closing(Frames.frame(fin | 3 + random.nextInt(5), small), 1002);
      case 4 -> closing(Frames.frame(fin | 0xB + random.nextInt(5), small), 1002);
      case 5 -> closing(Frames.frame(Frames.PING, small), 1002);
      case 6 -> closing(Frames.frame(fin | Frames.PING, new byte[126 + random.nextInt(99)]), 1002);
      case 7 -> closing(Frames.frame(fin | Frames.CONTINUATION, small), 1002);
      case 8 ->
          closing(
              Frames.frame(fin | Frames.TEXT, Frames.join(small, new byte[] {(byte) 0xc0, 'a'})),
              1007);
      case 9 ->
          closing(
              Frames.announce(fin | Frames.TEXT, random.nextLong(65_537, Long.MAX_VALUE)), 1009);
      default ->
          closing(Frames.announce(fin | Frames.TEXT, random.nextLong() | Long.MIN_VALUE), 1002);
    };
  }

  private static Input closing(byte[] bytes, int code) {
    return new Input(bytes, Set.of(), Set.of(code));
  }
}
