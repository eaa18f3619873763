package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.memory.MemoryCluster;
import io.roomcast.room.Keyring;
import io.roomcast.room.Origins;
import io.roomcast.testing.FakeNode;
import io.roomcast.testing.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description has every route, and no other. */
final class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

  @Test
  void everyRouteIsDescribed() {
    FakeNode fake = new FakeNode();
    HttpRoutes routes =
        new HttpRoutes(
            fake.node(),
            out -> {},
            new Origins(List.of(), true),
            new ServerApi(Keyring.NONE, new MemoryCluster(), fake.ruling(), true),
            Port.ONLY);
    Set<String> served = new TreeSet<>();
    for (Route route : routes.routes()) {
      String path = "/" + String.join("/", route.path());
      if (!path.equals("/") && !path.startsWith("/console/") && !path.endsWith(".js")) {
        served.add(route.method().toLowerCase(Locale.ROOT) + " " + path);
      }
    }
    Schema api = Schema.api("openapi.yaml");
    Set<String> described = new TreeSet<>();
    for (String path : api.keys("paths")) {
      for (String key : api.keys("paths", path)) {
        if (METHODS.contains(key)) {
          described.add(key + " " + path);
        }
      }
    }
    assertThat(described).isEqualTo(served).hasSizeGreaterThan(15);
    assertThat(api.at("openapi")).isEqualTo("3.1.0");
  }
}
