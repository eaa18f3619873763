package io.roomcast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Compared with the JDK's own strict decoder. */
final class Utf8Test {
  /** Where the rules change, and one to each side. */
  private static final int[] EDGES = {
    0x00, 0x41, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
    0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
  };

  @Test
  void allSequencesOfOneAndTwoBytes() {
    assertSame(new byte[0]);
    for (int a = 0; a < 256; a++) {
      assertSame(bytes(a));
      for (int b = 0; b < 256; b++) {
        assertSame(bytes(a, b));
      }
    }
  }

  @Test
  void allSequencesOfThreeAndFourBytesAtTheEdges() {
    for (int a : EDGES) {
      for (int b : EDGES) {
        for (int c : EDGES) {
          assertSame(bytes(a, b, c));
          for (int d : EDGES) {
            assertSame(bytes(a, b, c, d));
          }
        }
      }
    }
  }

  @Test
  void looksAtNothingOutsideOfItsRange() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    byte[] around = new byte[euro.length + 2];
    Arrays.fill(around, (byte) 0xff);
    System.arraycopy(euro, 0, around, 1, euro.length);
    assertThat(Utf8.isValid(around, 1, euro.length)).isTrue();
    assertThat(Utf8.isValid(around, 1, euro.length - 1)).isFalse();
    assertThat(Utf8.isValid(around, 0, euro.length)).isFalse();
    assertThat(Utf8.isValid(around, 1, euro.length + 1)).isFalse();
    assertThat(Utf8.isValid(around, 0, 0)).isTrue();
  }

  @Test
  void tellsWhatMayStillBecomeText() {
    byte[] text = "aé€😀z".getBytes(StandardCharsets.UTF_8);
    int[] whole = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    for (int length = 0; length <= text.length; length++) {
      assertThat(Utf8.whole(text, 0, length)).as("%d bytes", length).isEqualTo(whole[length]);
      assertThat(Utf8.isValid(text, 0, length)).isEqualTo(whole[length] == length);
    }
    for (byte[] broken :
        new byte[][] {
          bytes(0x80),
          bytes(0xc1),
          bytes(0xc3, 0x41),
          bytes(0xe0, 0x9f),
          bytes(0xed, 0xa0),
          bytes(0xf0, 0x8f),
          bytes(0xf4, 0x90),
          bytes(0xf4, 0x8f, 0xc0),
          bytes(0xf5)
        }) {
      assertThat(Utf8.whole(broken, 0, broken.length)).isEqualTo(Utf8.BROKEN);
    }
    for (byte[] begun : new byte[][] {bytes(0xe0, 0xa0), bytes(0xed, 0x9f), bytes(0xf4, 0x8f)}) {
      assertThat(Utf8.whole(begun, 0, begun.length)).isZero();
    }
  }

  private static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  private static void assertSame(byte[] bytes) {
    boolean expected;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      expected = true;
    } catch (CharacterCodingException e) {
      expected = false;
    }
    if (Utf8.isValid(bytes, 0, bytes.length) != expected) {
      throw new AssertionError(Arrays.toString(bytes) + " should be valid: " + expected);
    }
  }
}
