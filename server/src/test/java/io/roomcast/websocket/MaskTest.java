package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class MaskTest {
  @Test
  void isTheSameAsByteForByte() {
    Random random = new Random(3);
    for (int length = 0; length < 70; length++) {
      for (int offset = 0; offset < 9; offset++) {
        byte[] bytes = new byte[length + 20];
        random.nextBytes(bytes);
        int key = random.nextInt();
        byte[] expected = bytes.clone();
        for (int i = 0; i < length; i++) {
          expected[offset + i] ^= (byte) (key >>> (24 - 8 * (i % 4)));
        }
        Mask.remove(bytes, offset, length, key);
        assertThat(bytes).as("%d bytes at %d", length, offset).isEqualTo(expected);
      }
    }
  }
}
