package io.roomcast.websocket;

import static io.roomcast.testing.Frames.BINARY;
import static io.roomcast.testing.Frames.CLOSE;
import static io.roomcast.testing.Frames.CONTINUATION;
import static io.roomcast.testing.Frames.FIN;
import static io.roomcast.testing.Frames.PING;
import static io.roomcast.testing.Frames.PONG;
import static io.roomcast.testing.Frames.TEXT;
import static io.roomcast.testing.Frames.announce;
import static io.roomcast.testing.Frames.close;
import static io.roomcast.testing.Frames.frame;
import static io.roomcast.testing.Frames.join;
import static io.roomcast.testing.Frames.masked;
import static io.roomcast.testing.Frames.text;
import static io.roomcast.testing.Frames.unmasked;
import static io.roomcast.testing.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
  private static final int LIMIT = 1000;

  private final CountingAllocator allocator = new CountingAllocator();

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(allocator.open()).isZero();
  }

  /** What comes out when the bytes come in these pieces; and the reader is let go at the end. */
  private List<String> events(int limit, byte[]... pieces) {
    FrameReader reader = new FrameReader();
    RecordingSink sink = new RecordingSink();
    byte[] scratch = new byte[Math.max(limit, 125)];
    for (byte[] piece : pieces) {
      if (sink.open()) {
        ByteBuf in = Unpooled.wrappedBuffer(piece);
        reader.read(in, scratch, limit, allocator, sink);
        in.release();
      }
      assertThat(allocator.open()).isLessThanOrEqualTo(2);
      assertThat(allocator.bytes()).isLessThanOrEqualTo(2 * (limit + 14));
    }
    reader.release();
    reader.release();
    return sink.events();
  }

  private List<String> events(byte[] bytes) {
    return events(LIMIT, bytes);
  }

  @Test
  void tellsWhatCame() {
    byte[] stream =
        join(
            text("{}"),
            frame(FIN | PING, utf8("abc")),
            frame(FIN | PONG),
            frame(TEXT, utf8("he")),
            frame(FIN | PING),
            frame(CONTINUATION, utf8("ll")),
            frame(FIN | CONTINUATION, utf8("o")),
            text(""),
            close(1000, utf8("bye")));
    assertThat(events(stream))
        .containsExactly(
            "text {}", "ping 616263", "pong", "ping ", "text hello", "text ", "close 1000");
  }

  @Test
  void isTheSameWhereverTheBytesAreSplit() {
    byte[] stream =
        join(
            text("first ü"),
            frame(TEXT, utf8("a".repeat(130))),
            frame(FIN | PING, new byte[125]),
            frame(FIN | CONTINUATION, utf8("b".repeat(300))),
            text("x"),
            close(4000));
    List<String> whole = events(stream);
    assertThat(whole).hasSize(5);
    for (int first = 0; first <= stream.length; first++) {
      byte[] head = Arrays.copyOfRange(stream, 0, first);
      byte[] tail = Arrays.copyOfRange(stream, first, stream.length);
      assertThat(events(LIMIT, head, tail)).as("split at %d", first).isEqualTo(whole);
    }
    for (int size : new int[] {1, 2, 3, 7, 14, 140}) {
      assertThat(events(LIMIT, pieces(stream, size))).as("pieces of %d", size).isEqualTo(whole);
    }
  }

  private static byte[][] pieces(byte[] stream, int size) {
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < stream.length; i += size) {
      pieces.add(Arrays.copyOfRange(stream, i, Math.min(stream.length, i + size)));
    }
    return pieces.toArray(new byte[0][]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 70000})
  void readsEveryFormOfLength(int length) {
    String body = "x".repeat(length);
    byte[] message = text(body);
    List<String> expected = events(80_000, message);
    assertThat(expected)
        .containsExactly(length <= 64 ? "text " + body : "text " + length + "#" + body.hashCode());
    assertThat(events(80_000, pieces(message, 1024))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 0x0102_0304, 0x8000_0001})
  void removesEveryMask(int key) {
    assertThat(events(masked(FIN | TEXT, key, utf8("mask me, 13 b"))))
        .containsExactly("text mask me, 13 b");
  }

  @Test
  void refusesAnUnmaskedFrame() {
    assertThat(events(unmasked(FIN | TEXT, utf8("{}")))).containsExactly("violation 1002");
  }

  @Test
  void refusesReservedBitsAndOpcodes() {
    for (int bits : new int[] {0x10, 0x20, 0x40, 0x70}) {
      assertThat(events(frame(FIN | TEXT | bits))).containsExactly("violation 1002");
      assertThat(events(frame(FIN | PING | bits))).containsExactly("violation 1002");
    }
    for (int opcode : new int[] {3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF}) {
      assertThat(events(frame(FIN | opcode))).as("%d", opcode).containsExactly("violation 1002");
    }
  }

  @Test
  void refusesControlFramesInPartsOrTooLong() {
    for (int opcode : new int[] {PING, PONG, CLOSE}) {
      assertThat(events(frame(opcode))).containsExactly("violation 1002");
      assertThat(events(frame(FIN | opcode, new byte[126]))).containsExactly("violation 1002");
    }
  }

  @Test
  void refusesBinary() {
    assertThat(events(frame(FIN | BINARY, utf8("x")))).containsExactly("violation 1003");
    assertThat(events(frame(BINARY))).containsExactly("violation 1003");
  }

  @Test
  void keepsTheRulesOfFragments() {
    assertThat(events(frame(FIN | CONTINUATION))).containsExactly("violation 1002");
    assertThat(events(frame(CONTINUATION))).containsExactly("violation 1002");
    assertThat(events(join(frame(TEXT), text("x")))).containsExactly("violation 1002");
    assertThat(events(join(frame(TEXT), frame(FIN | BINARY)))).containsExactly("violation 1002");
    assertThat(events(join(text("x"), frame(FIN | CONTINUATION))))
        .containsExactly("text x", "violation 1002");
  }

  @Test
  void refusesALengthWithItsHighestBit() {
    assertThat(events(announce(FIN | TEXT, Long.MIN_VALUE))).containsExactly("violation 1002");
    assertThat(events(announce(FIN | TEXT, -1))).containsExactly("violation 1002");
  }

  @Test
  void refusesALengthThatIsLongerThanItNeedBe() {
    byte[] in16 = {(byte) (FIN | TEXT), (byte) (0x80 | 126), 0, 125, 0, 0, 0, 0};
    assertThat(events(in16)).containsExactly("violation 1002");
    assertThat(events(announce(FIN | TEXT, 5))).containsExactly("violation 1002");
    assertThat(events(announce(FIN | TEXT, 65535))).containsExactly("violation 1002");
  }

  @ParameterizedTest
  @ValueSource(longs = {65536, 1L << 31, 1L << 32, (1L << 32) + 1, Long.MAX_VALUE})
  void refusesAHugeLengthAtItsHeader(long length) {
    assertThat(events(announce(FIN | TEXT, length))).containsExactly("violation 1009");
    assertThat(events(join(frame(TEXT, utf8("x")), announce(FIN | CONTINUATION, length))))
        .containsExactly("violation 1009");
    byte[] all = new byte[LIMIT];
    assertThat(events(join(frame(TEXT, all), announce(CONTINUATION, length))))
        .containsExactly("violation 1009");
  }

  @Test
  void takesTheLimitAndNotOneMore() {
    String most = "x".repeat(LIMIT);
    assertThat(events(text(most))).containsExactly("text " + LIMIT + "#" + most.hashCode());
    assertThat(events(text(most + "x"))).containsExactly("violation 1009");
  }

  @Test
  void countsTheLimitOverFragments() {
    String most = "x".repeat(LIMIT);
    byte[] head = frame(TEXT, utf8(most.substring(0, 400)));
    byte[] middle = frame(CONTINUATION, utf8(most.substring(400, 999)));
    assertThat(events(join(head, middle, frame(FIN | CONTINUATION, utf8("x")))))
        .containsExactly("text " + LIMIT + "#" + most.hashCode());
    assertThat(events(join(head, middle, frame(FIN | CONTINUATION, utf8("xx")))))
        .containsExactly("violation 1009");
  }

  @Test
  void countsTheLimitForEachMessage() {
    byte[] message = join(frame(TEXT, new byte[600]), frame(FIN | CONTINUATION, new byte[400]));
    assertThat(events(join(message, message, message))).hasSize(3);
  }

  @Test
  void controlFramesCountNotAgainstTheLimit() {
    assertThat(events(10, join(frame(TEXT, utf8("0123456789")), frame(FIN | PING, new byte[125]))))
        .containsExactly("ping " + "00".repeat(125));
  }

  @Test
  void boundsFragmentsWithoutContent() {
    byte[] empty = frame(CONTINUATION);
    byte[][] many = Collections.nCopies(FrameReader.EMPTY_FRAGMENTS, empty).toArray(new byte[0][]);
    byte[] first = frame(TEXT, utf8("x"));
    byte[] last = frame(FIN | CONTINUATION, utf8("y"));
    assertThat(events(join(first, join(many), last))).containsExactly("text xy");
    assertThat(events(join(first, join(many), empty, last))).containsExactly("violation 1009");
    assertThat(events(join(frame(TEXT), join(many)))).containsExactly("violation 1009");
  }

  @Test
  void refusesInvalidUtf8() {
    byte[] half = {(byte) 0xc3};
    assertThat(events(frame(FIN | TEXT, half))).containsExactly("violation 1007");
    byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
    assertThat(events(frame(FIN | TEXT, surrogate))).containsExactly("violation 1007");
    byte[] rest = {(byte) 0xbc};
    assertThat(events(join(frame(TEXT, half), frame(FIN | CONTINUATION, rest))))
        .containsExactly("text ü");
    assertThat(events(join(frame(TEXT, half), frame(FIN | CONTINUATION))))
        .containsExactly("violation 1007");
  }

  /** Autobahn's cases 6.4.1 and 6.4.2. */
  @Test
  void refusesBrokenTextAtTheFragmentThatBreaksIt() {
    byte[] begun = {'a', (byte) 0xf4};
    byte[] tooHigh = {(byte) 0x90};
    byte[] good = {(byte) 0x8f, (byte) 0xbf};
    byte[] ping = frame(FIN | PING);
    byte[] first = frame(TEXT, begun);
    assertThat(events(join(first, ping, frame(CONTINUATION, tooHigh), ping)))
        .containsExactly("ping ", "violation 1007");
    assertThat(events(join(frame(TEXT, new byte[] {(byte) 0xff}), ping)))
        .containsExactly("violation 1007");
    byte[] rest = {(byte) 0xbf};
    assertThat(
            events(join(first, frame(CONTINUATION, good), ping, frame(FIN | CONTINUATION, rest))))
        .containsExactly("ping ", "text a\udbff\udfff");
    // Each message begins anew.
    assertThat(
            events(
                join(
                    frame(TEXT, utf8("äöü")), frame(FIN | CONTINUATION),
                    frame(TEXT, utf8("é")), frame(FIN | CONTINUATION, utf8("è")))))
        .containsExactly("text äöü", "text éè");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1012, 1014, 3000, 3999, 4000, 4999})
  void takesCodesThatAClientMaySend(int code) {
    assertThat(events(close(code))).containsExactly("close " + code);
    assertThat(events(close(code, utf8("é".repeat(61))))).containsExactly("close " + code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
  void refusesCodesThatNobodyMaySend(int code) {
    assertThat(events(close(code))).containsExactly("violation 1002");
  }

  @Test
  void takesACloseWithoutACodeAndRefusesHalfOfOne() {
    assertThat(events(frame(FIN | CLOSE))).containsExactly("close 1005");
    assertThat(events(frame(FIN | CLOSE, (byte) 3))).containsExactly("violation 1002");
  }

  @Test
  void refusesAReasonThatIsNotUtf8() {
    assertThat(events(close(1000, (byte) 0xff))).containsExactly("violation 1007");
  }

  @Test
  void readsNothingAfterTheEnd() {
    assertThat(events(join(close(1000), text("late"), close(1000)))).containsExactly("close 1000");
    assertThat(events(join(frame(FIN | BINARY), text("late")))).containsExactly("violation 1003");
  }

  @Test
  void stopsWhenTheSinkCloses() {
    FrameReader reader = new FrameReader();
    RecordingSink sink = new RecordingSink();
    sink.shut();
    ByteBuf in = Unpooled.wrappedBuffer(text("x"));
    reader.read(in, new byte[LIMIT], LIMIT, allocator, sink);
    in.release();
    assertThat(sink.events()).isEmpty();
  }

  @Test
  void holdsNothingBetweenMessages() {
    FrameReader reader = new FrameReader();
    RecordingSink sink = new RecordingSink();
    byte[] message = join(frame(TEXT, utf8("ab")), frame(FIN | CONTINUATION, utf8("cd")));
    for (byte[] piece : pieces(message, 3)) {
      ByteBuf in = Unpooled.wrappedBuffer(piece);
      reader.read(in, new byte[LIMIT], LIMIT, allocator, sink);
      in.release();
    }
    assertThat(sink.events()).containsExactly("text abcd");
    assertThat(allocator.open()).isZero();
  }
}
