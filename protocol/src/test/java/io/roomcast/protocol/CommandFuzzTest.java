package io.roomcast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damages good frames in many ways: whatever comes, the reader answers and never throws. */
final class CommandFuzzTest {
  private static final int ROUNDS = 60_000;

  private static final List<String> FRAMES =
      List.of(
          "{\"type\":\"SUBSCRIBE\",\"room\":\"room1\",\"id\":1,\"since\":{\"epoch\":\"e\",\"offset\":2}}",
          "{\"type\":\"sendMessage\",\"roomId\":\"ré\",\"content\":{\"a\":[1.5e3,null,true]},\"id\":\"x\"}",
          "[{\"type\":\"ping\",\"id\":1},{\"type\":\"UNSUBSCRIBE\",\"room\":\"\\u00e9\"},{\"echo\":false}]",
          "{\"type\":\"connect\",\"token\":\"t.t.t\",\"session\":\"s\",\"name\":\"\ud83d\ude00\"}");

  private static final String[] SCRAPS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "null",
    "-",
    "1e",
    "0",
    "\u0000",
    "\"id\":2,",
    "\"room\":",
    "\"message\":",
    " ",
    "\n",
    "\ufeff",
    "é",
    "[[[[[[[[",
    "NaN",
    "/*"
  };

  @Test
  void neverThrowsAndAlwaysAnswers() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] frame = damage(FRAMES.get(random.nextInt(FRAMES.size())).getBytes(UTF_8), random);
      if (!Utf8.isValid(frame, 0, frame.length)) {
        continue;
      }
      String about = "seed " + seed + ", round " + round + ": " + new String(frame, UTF_8);
      List<Command> commands = CommandReader.read(frame, 0, frame.length);
      assertThat(commands).as(about).isNotEmpty();
      for (Command command : commands) {
        check(command, about);
      }
      assertThat(CommandReader.read(shifted(frame), 7, frame.length))
          .as(about)
          .hasSameSizeAs(commands);
    }
  }

  private static void check(Command command, String about) {
    if (!command.id().isEmpty()) {
      byte[] id = command.id().getBytes(UTF_8);
      assertThat(Json.isValue(id, 0, id.length)).as(about).isTrue();
    }
    if (command instanceof Command.Send send) {
      assertThat(Json.isValue(send.message(), 0, send.message().length)).as(about).isTrue();
      assertThat(RoomName.flaw(send.room())).as(about).isEmpty();
    }
    if (command instanceof Command.Rejected rejected) {
      byte[] reply = Reply.error(rejected.id(), rejected.code(), rejected.text());
      assertThat(Json.isValue(reply, 0, reply.length)).as(about).isTrue();
    }
  }

  private static byte[] shifted(byte[] frame) {
    byte[] out = new byte[frame.length + 9];
    Arrays.fill(out, (byte) '"');
    System.arraycopy(frame, 0, out, 7, frame.length);
    return out;
  }

  private static byte[] damage(byte[] frame, Random random) {
    byte[] out = frame;
    for (int times = random.nextInt(4); times >= 0; times--) {
      int at = random.nextInt(out.length + 1);
      int to = Math.min(out.length, at + random.nextInt(6));
      byte[] scrap =
          switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> Arrays.copyOfRange(out, at, to);
            default -> SCRAPS[random.nextInt(SCRAPS.length)].getBytes(UTF_8);
          };
      out = splice(out, at, random.nextBoolean() ? to : at, scrap);
    }
    return out;
  }

  private static byte[] splice(byte[] in, int from, int to, byte[] scrap) {
    byte[] out = new byte[in.length - (to - from) + scrap.length];
    System.arraycopy(in, 0, out, 0, from);
    System.arraycopy(scrap, 0, out, from, scrap.length);
    System.arraycopy(in, to, out, from + scrap.length, in.length - to);
    return out;
  }
}
