package io.roomcast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roomcast.room.Publication;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InflationTest {
  private static final int LIMIT = 10_000;

  private final Inflation inflation = new Inflation(LIMIT);

  /** As a client compresses a message. */
  static byte[] deflate(byte[] message) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(message);
    byte[] out = new byte[message.length + 100];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 9_999, LIMIT})
  void whatWasCompressedIsTheSameAgain(int length) {
    byte[] message = new byte[length];
    new Random(length).nextBytes(message);
    for (int again = 0; again < 2; again++) {
      byte[] compressed = deflate(message);
      assertThat(inflation.inflate(compressed, compressed.length)).isEqualTo(length);
      assertThat(Arrays.copyOf(inflation.bytes(), length)).isEqualTo(message);
    }
  }

  @Test
  void itStopsAtTheFirstByteTooMany() {
    byte[] compressed = deflate(new byte[LIMIT + 1]);
    assertThat(inflation.inflate(compressed, compressed.length)).isEqualTo(Inflation.TOO_BIG);
    byte[] bomb = deflate(new byte[64 * 1024 * 1024]);
    assertThat(bomb.length).isLessThan(70_000);
    assertThat(inflation.inflate(bomb, bomb.length)).isEqualTo(Inflation.TOO_BIG);
    assertThat(inflation.bytes()).hasSize(LIMIT + 1);
  }

  @Test
  void whatIsNotCompressedIsMalformed() {
    byte[] nonsense = {(byte) 0xff, (byte) 0xff, 1, 2, 3};
    assertThat(inflation.inflate(nonsense, nonsense.length)).isEqualTo(Inflation.MALFORMED);
    // The message before must not be remembered.
    byte[] good = deflate("hello".getBytes(UTF_8));
    assertThat(inflation.inflate(good, good.length)).isEqualTo(5);
  }

  @Test
  void aClientMayEndTheStreamItself() {
    // RFC 7692, 7.2.3.4: a final block with BFINAL, and an empty one behind it.
    byte[] withFinal = {(byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00, 0x00};
    assertThat(inflation.inflate(withFinal, withFinal.length)).isEqualTo(5);
    assertThat(new String(inflation.bytes(), 0, 5, UTF_8)).isEqualTo("Hello");
  }

  @Test
  void aBroadcastIsCompressedWhereItGainsByIt() {
    String json = "{\"type\":\"message\",\"message\":\"" + "ab".repeat(500) + "\"}";
    ByteBuf out = Unpooled.buffer();
    Deflation.write(json.getBytes(UTF_8), out);
    assertThat(out.readUnsignedByte()).isEqualTo((short) 0xc1);
    byte[] payload = new byte[out.readUnsignedByte()];
    out.readBytes(payload);
    assertThat(out.isReadable()).isFalse();
    int length = inflation.inflate(payload, payload.length);
    assertThat(new String(inflation.bytes(), 0, length, UTF_8)).isEqualTo(json);
    assertThat(Deflation.pack(json.getBytes(UTF_8))).isEqualTo(payload);
    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);
    for (byte[] as : new byte[][] {"short".getBytes(UTF_8), noise}) {
      assertThat(Deflation.pack(as)).isSameAs(as);
      Deflation.write(as, out);
      assertThat(out.readUnsignedByte()).isEqualTo((short) 0x81);
      out.skipBytes(FrameWriter.headerSize(as.length) - 1);
      assertThat(out.readSlice(as.length)).isEqualTo(Unpooled.wrappedBuffer(as));
    }
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void lanesShareWhatWasCompressed() {
    byte[] json = ("{\"message\":\"" + "ab".repeat(500) + "\"}").getBytes(UTF_8);
    Publication publication = new Publication("r", json, "");
    WebSocketEncoding.DEFLATED.prepare(publication);
    byte[] made = publication.packed(again -> fail("compressed again"));
    for (int lane = 0; lane < 3; lane++) {
      WebSocketEncoding.SharedFrame frame =
          WebSocketEncoding.DEFLATED.encode(List.of(publication, publication));
      for (int i = 0; i < 2; i++) {
        assertThat(frame.bytes().readUnsignedByte()).isEqualTo((short) 0xc1);
        assertThat(frame.bytes().readUnsignedByte()).isEqualTo((short) made.length);
        assertThat(frame.bytes().readSlice(made.length)).isEqualTo(Unpooled.wrappedBuffer(made));
      }
      assertThat(frame.bytes().isReadable()).isFalse();
      frame.release();
    }
    WebSocketEncoding.SharedFrame plain = WebSocketEncoding.INSTANCE.encode(List.of(publication));
    assertThat(plain.bytes().readUnsignedByte()).isEqualTo((short) 0x81);
    plain.release();
  }
}
