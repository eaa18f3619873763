package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.SdkPlayer;
import io.roomcast.testing.Transcript;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Java client behaves as the transcripts say, where an application can say the same. */
final class SdkTranscriptsIT {
  @Test
  void itBehavesAsTheTranscriptsSay() throws Exception {
    Map<String, Integer> played = new HashMap<>();
    try (Roomcast server =
        Roomcast.builder().port(0).drain(Duration.ZERO).rules(Transcript.RULES).start()) {
      URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/ws");
      for (Transcript transcript : Transcript.all()) {
        int steps = SdkPlayer.play(transcript, uri);
        if (steps > 0) {
          played.put(transcript.name(), steps);
        }
      }
    }
    System.out.println("played by the Java client: " + played);
    assertThat(played).hasSizeGreaterThan(12).containsKey("log.json");
  }
}
