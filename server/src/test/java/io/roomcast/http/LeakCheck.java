package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hears of buffers that were forgotten. Needs the leak detector at its paranoid level. */
final class LeakCheck {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  private LeakCheck() {}

  static void begin() {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    LEAKS.clear();
    ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
  }

  /** Has what is unreachable found: a new buffer is what makes the detector look. */
  static void end() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    assertThat(LEAKS).isEmpty();
  }
}
