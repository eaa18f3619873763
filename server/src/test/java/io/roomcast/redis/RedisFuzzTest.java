package io.roomcast.redis;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.roomcast.protocol.Json;
import java.nio.ByteBuffer;

/** Whatever is published in Redis is understood, or dropped. */
class RedisFuzzTest {
  private static final int LIMIT = 4096;

  @FuzzTest
  void envelope(byte[] payload) {
    switch (Envelope.read(ByteBuffer.wrap(payload), LIMIT)) {
      case Envelope.Own own -> valid(own.json(), LIMIT + Envelope.SURPLUS);
      case Envelope.Foreign foreign -> valid(foreign.value(), LIMIT);
      case Envelope.Flawed flawed -> {}
    }
  }

  @FuzzTest
  void control(byte[] payload) {
    ControlCodec.read(payload)
        .ifPresent(
            message -> {
              byte[] again =
                  switch (message) {
                    case ControlCodec.Message.Ask ask -> ControlCodec.write(ask);
                    case ControlCodec.Message.Answer answer -> ControlCodec.write(answer);
                  };
              if (!ControlCodec.read(again).equals(java.util.Optional.of(message))) {
                throw new AssertionError("not the same again");
              }
            });
  }

  private static void valid(byte[] json, int most) {
    if (json.length > most || !Json.isValue(json, 0, json.length)) {
      throw new AssertionError("not JSON, or too much");
    }
  }
}
