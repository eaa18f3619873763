package io.roomcast.websocket;

import static io.roomcast.testing.Frames.BINARY;
import static io.roomcast.testing.Frames.CONTINUATION;
import static io.roomcast.testing.Frames.FIN;
import static io.roomcast.testing.Frames.PING;
import static io.roomcast.testing.Frames.PONG;
import static io.roomcast.testing.Frames.TEXT;
import static io.roomcast.testing.Frames.announce;
import static io.roomcast.testing.Frames.close;
import static io.roomcast.testing.Frames.frame;
import static io.roomcast.testing.Frames.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roomcast.testing.Frames;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random frames with random flaws, split at random: the same seed each time. */
final class FrameReaderFuzzTest {
  private static final int LIMIT = 300;
  private static final int ROUNDS = 10_000;
  private static final long SEED = 20_261_101;

  private final CountingAllocator allocator = new CountingAllocator();
  private int worst;
  private int left;

  @Test
  void neverThrowsNorHoldsMoreThanItsBound() {
    Random random = new Random(SEED);
    int closed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] stream = stream(random);
      List<String> whole = read(stream, stream.length);
      List<String> split = read(stream, 1 + random.nextInt(40));
      assertThat(split).as("round %d", round).isEqualTo(whole);
      assertThat(left).as("buffers kept in round %d", round).isZero();
      closed += whole.toString().contains("violation") ? 1 : 0;
    }
    assertThat(worst).isLessThanOrEqualTo(2 * (LIMIT + 14));
    // Both kinds of stream must have been among them, or this shows nothing.
    assertThat(closed).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }

  private List<String> read(byte[] stream, int size) {
    FrameReader reader = new FrameReader();
    RecordingSink sink = new RecordingSink();
    byte[] scratch = new byte[LIMIT];
    for (int i = 0; i < stream.length && sink.open(); i += size) {
      ByteBuf in = Unpooled.wrappedBuffer(stream, i, Math.min(size, stream.length - i));
      reader.read(in, scratch, LIMIT, allocator, sink);
      in.release();
      worst = Math.max(worst, allocator.bytes());
    }
    reader.release();
    left += allocator.open();
    return sink.events();
  }

  private static byte[] stream(Random random) {
    byte[][] frames = new byte[1 + random.nextInt(8)][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = anyFrame(random);
    }
    byte[] stream = Frames.join(frames);
    for (int flips = random.nextInt(10) - 7; flips > 0; flips--) {
      stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(stream, random.nextInt(stream.length) + 1)
        : stream;
  }

  private static byte[] anyFrame(Random random) {
    byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(20)];
    Arrays.fill(payload, (byte) ('a' + random.nextInt(26)));
    byte[] small = Arrays.copyOf(payload, Math.min(payload.length, 125));
    return switch (random.nextInt(40)) {
      case 0 -> frame(FIN | BINARY, payload);
      case 1 -> unmasked(FIN | TEXT, payload);
      case 2 -> announce(random.nextInt(256), random.nextLong());
      case 3 -> close(random.nextInt(6000), Arrays.copyOf(small, Math.min(small.length, 123)));
      case 4 -> frame(random.nextInt(256), payload);
      case 5, 6, 7, 8 -> frame(TEXT, payload);
      case 9, 10, 11, 12 -> frame(FIN | CONTINUATION, payload);
      case 13, 14 -> frame(CONTINUATION, payload);
      case 15, 16, 17 -> frame(FIN | PING, small);
      case 18, 19 -> frame(FIN | PONG, small);
      default -> frame(FIN | TEXT, payload);
    };
  }
}
