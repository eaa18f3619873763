package io.roomcast;

import io.roomcast.config.RuleReader;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Limits;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.Transcript;
import io.roomcast.testing.TranscriptPlayer;
import java.util.ArrayDeque;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The conversations that need no real wire, with the core alone. */
final class NodeConformanceTest {

  @TestFactory
  Stream<DynamicTest> theCoreKeepsToEveryTranscript() {
    return Transcript.all().stream()
        .filter(transcript -> !transcript.websocket())
        .map(
            transcript ->
                DynamicTest.dynamicTest(
                    transcript.name(),
                    () -> {
                      FakeNode fake =
                          new FakeNode(
                              Authenticator.OPEN,
                              Limits.DEFAULT,
                              RuleReader.book(Transcript.RULES));
                      fake.broker().log("kept:one", 5);
                      TranscriptPlayer.play(transcript, () -> new FakeWire(fake.client()));
                    }));
  }

  /** A wire that is none. */
  private static final class FakeWire implements TranscriptPlayer.Wire {
    private final FakeNode.Client client;
    private final ArrayDeque<String> unread = new ArrayDeque<>();

    FakeWire(FakeNode.Client client) {
      this.client = client;
    }

    @Override
    public void say(String text) {
      client.tell(text);
    }

    @Override
    public void sayBinary(byte[] bytes) {
      throw new UnsupportedOperationException("needs a real WebSocket");
    }

    @Override
    public String hear() {
      unread.addAll(client.hear());
      String next = unread.poll();
      if (next == null) {
        throw new AssertionError("there is nothing more to hear");
      }
      return next;
    }

    @Override
    public int closed() {
      throw new UnsupportedOperationException("needs a real WebSocket");
    }

    @Override
    public void leave() {
      client.end();
    }
  }
}
