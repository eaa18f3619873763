package example;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

/** Publishes to rooms over HTTP. */
@Component
class Rooms {
  private static final int TRIES = 5;

  private final RestClient http;

  Rooms(@Value("${roomcast.url}") String url, @Value("${roomcast.token:}") String token) {
    RestClient.Builder builder = RestClient.builder().baseUrl(url);
    if (!token.isEmpty()) {
      builder.defaultHeader("Authorization", "Bearer " + token);
    }
    http = builder.build();
  }

  /**
   * Sends a value to a room. The key makes a repeat the same message, so trying again does no harm.
   *
   * @param message becomes JSON
   */
  void publish(String room, Object message, String key) throws InterruptedException {
    for (int i = 1; ; i++) {
      try {
        http.post()
            .uri("/v1/rooms/{room}/messages", room)
            .contentType(MediaType.APPLICATION_JSON)
            .header("Idempotency-Key", key)
            .body(message)
            .retrieve()
            .toBodilessEntity();
        return;
      } catch (ResourceAccessException | HttpServerErrorException e) {
        if (i == TRIES) {
          throw e;
        }
        Thread.sleep(200L << i);
      }
    }
  }
}
