package io.roomcast.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void givesBackWhatWasWrittenIntoIt() {
    byte[] message = Frames.text("{\"message\":\"" + Frames.string(Payload.blank(128, 7, 70_000)));
    Payload.stamp(message, Payload.find(message), 0xfedcba9, 0x1234_5678_9abc_def0L);

    ByteBuf in = Unpooled.wrappedBuffer(message);
    int at = Payload.find(in, 0, message.length);

    assertThat(Payload.publisher(in, at)).isEqualTo(7);
    assertThat(Payload.room(in, at)).isEqualTo(70_000);
    assertThat(Payload.sequence(in, at)).isEqualTo(0xfedcba9);
    assertThat(Payload.nanos(in, at)).isEqualTo(0x1234_5678_9abc_def0L);
  }

  @Test
  void hasTheSizeAskedForAndNothingToEscape() {
    byte[] payload = Payload.blank(200, 1, 2);
    Payload.stamp(payload, 0, Integer.MAX_VALUE, System.nanoTime());

    assertThat(Frames.string(payload)).hasSize(200).matches("[a-z]+");
  }

  @Test
  void isNotFoundWhereThereIsNone() {
    ByteBuf in = Unpooled.wrappedBuffer(Frames.text("{\"type\":\"subscribed\",\"id\":1}"));

    assertThat(Payload.find(in, 0, in.readableBytes())).isEqualTo(-1);
  }
}
