package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameWriterTest {
  private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "1, 8101",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000"
  })
  void writesTheShortestHeader(int length, String header) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    byte[] written = taken(FrameWriter.text(ALLOCATOR, payload));
    int size = header.length() / 2;
    assertThat(FrameWriter.headerSize(length)).isEqualTo(size);
    assertThat(ByteBufUtil.hexDump(written, 0, size)).isEqualTo(header);
    assertThat(Arrays.copyOfRange(written, size, written.length)).isEqualTo(payload);
  }

  @Test
  void writesControlFrames() {
    byte[] payload = {1, 2, 3, 4};
    assertThat(taken(FrameWriter.control(ALLOCATOR, FrameWriter.PONG, payload, 3)))
        .containsExactly(0x8a, 3, 1, 2, 3);
    assertThat(taken(FrameWriter.control(ALLOCATOR, FrameWriter.PING, payload, 0)))
        .containsExactly(0x89, 0);
  }

  @Test
  void writesAReasonAndCutsALongOne() {
    byte[] written = taken(FrameWriter.close(ALLOCATOR, 4002, "slow"));
    assertThat(written).startsWith(0x88, 6, 0x0f, 0xa2).endsWith('s', 'l', 'o', 'w');
    byte[] cut = taken(FrameWriter.close(ALLOCATOR, 1000, "r".repeat(200)));
    assertThat(cut).hasSize(127).startsWith(0x88, 125);
    assertThat(new String(cut, 4, 123, StandardCharsets.US_ASCII)).isEqualTo("r".repeat(123));
  }

  private static byte[] taken(ByteBuf buffer) {
    byte[] bytes = ByteBufUtil.getBytes(buffer);
    assertThat(buffer.writableBytes()).as("room that is not used").isZero();
    buffer.release();
    return bytes;
  }
}
