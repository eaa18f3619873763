package io.roomcast.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.auth.ApiKeys;
import io.roomcast.memory.MemoryCluster;
import io.roomcast.protocol.Json;
import io.roomcast.room.Keyring;
import io.roomcast.room.Origins;
import io.roomcast.testing.FakeNode;
import java.util.List;
import java.util.Set;

/** Whatever a client sends for HTTP is answered, and never by a fault of the server's own. */
class HttpFuzzTest {
  private static final int LIMIT = 4096;
  private static final Set<String> FIELDS = Set.of("rooms", "message", "from");

  @FuzzTest
  void requests(byte[] stream) {
    FakeNode fake = new FakeNode();
    HttpRoutes routes =
        new HttpRoutes(
            fake.node(),
            out -> {},
            new Origins(List.of(), true),
            new ServerApi(Keyring.NONE, new MemoryCluster(), fake.ruling(), true),
            Port.ONLY,
            List.of());
    EmbeddedChannel channel =
        new EmbeddedChannel(new HttpServerCodec(), new HttpConnection(fake.lane(), routes));
    channel.writeInbound(Unpooled.wrappedBuffer(stream));
    fake.loop().runAll();
    StringBuilder answers = new StringBuilder();
    for (Object out; (out = channel.readOutbound()) != null; ) {
      if (out instanceof ByteBuf bytes) {
        answers.append(bytes.toString(ISO_8859_1));
      }
      ReferenceCountUtil.release(out);
    }
    channel.finishAndReleaseAll();
    if (answers.indexOf("HTTP/1.1 500") >= 0) {
      throw new AssertionError(answers.toString());
    }
  }

  @FuzzTest
  void targets(byte[] uri) {
    try {
      Target.parse(new String(uri, UTF_8)).query("limit");
    } catch (Problem e) {
      told(e);
    }
  }

  @FuzzTest
  void bodies(byte[] body) {
    for (String type : List.of("", "application/json", "text/plain")) {
      try {
        byte[] json = MessageBody.toJson(type, body, LIMIT);
        if (json.length > LIMIT || !Json.isPayload(json, 0, json.length)) {
          throw new AssertionError("not JSON, or too much");
        }
      } catch (Problem e) {
        told(e);
      }
    }
    try {
      JsonBody fields = JsonBody.parse(body, FIELDS);
      fields.texts("rooms");
      fields.text("from");
    } catch (Problem e) {
      told(e);
    }
  }

  @FuzzTest
  void apiKeys(byte[] line) {
    try {
      ApiKeys.of(List.of(new String(line, UTF_8)));
    } catch (IllegalArgumentException e) {
      if (!String.valueOf(e.getMessage()).contains("API key 1")) {
        throw new AssertionError(e);
      }
    }
  }

  /** A problem names a status that is the client's doing. */
  private static void told(Problem problem) {
    if (problem.status().code() / 100 != 4) {
      throw new AssertionError(problem);
    }
  }
}
