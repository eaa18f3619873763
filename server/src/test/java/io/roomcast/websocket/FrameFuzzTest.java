package io.roomcast.websocket;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.roomcast.protocol.CloseCode;

/**
 * Whatever bytes a client sends, whole or in parts, the reader neither throws nor makes too much.
 */
class FrameFuzzTest {
  private static final int LIMIT = 512;

  private final Inflation inflation = new Inflation(LIMIT);

  @FuzzTest
  void frames(byte[] stream) {
    read(new FrameReader(true, inflation), stream);
    read(new FrameReader(), stream);
  }

  @FuzzTest
  void inflation(byte[] message) {
    int made = inflation.inflate(message, message.length);
    if (made < Inflation.MALFORMED || made > LIMIT) {
      throw new AssertionError("made " + made);
    }
  }

  private static void read(FrameReader reader, byte[] stream) {
    Sink sink = new Sink();
    byte[] scratch = new byte[LIMIT];
    // The first byte says where the stream is cut.
    int cut = stream.length == 0 ? 0 : (stream[0] & 0xff) % stream.length;
    for (ByteBuf part :
        new ByteBuf[] {
          Unpooled.wrappedBuffer(stream, 0, cut),
          Unpooled.wrappedBuffer(stream, cut, stream.length - cut)
        }) {
      if (sink.open()) {
        reader.read(part, scratch, LIMIT, UnpooledByteBufAllocator.DEFAULT, sink);
      }
      part.release();
    }
    reader.release();
  }

  private static final class Sink implements FrameReader.Sink {
    private boolean open = true;

    @Override
    public boolean open() {
      return open;
    }

    @Override
    public void onMessage(boolean text, byte[] bytes, int length) {
      expect(length <= LIMIT);
    }

    @Override
    public void onPing(byte[] bytes, int length) {
      expect(length <= 125);
    }

    @Override
    public void onPong() {}

    @Override
    public void onClose(int code) {
      expect(code >= 1000 && code <= 4999);
      open = false;
    }

    @Override
    public void onViolation(CloseCode code, String text) {
      open = false;
    }

    private void expect(boolean holds) {
      if (!open || !holds) {
        throw new AssertionError();
      }
    }
  }
}
