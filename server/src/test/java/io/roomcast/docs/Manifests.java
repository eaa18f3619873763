package io.roomcast.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Kubernetes manifests: well-formed, and true of the server: its settings, its probes, the time
 * that it may take to end. No cluster is asked.
 */
final class Manifests {
  private static final Set<String> PROBES = Set.of("/live", "/ready");

  private Manifests() {}

  static void check(String text) {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(documents::add);
    assertThat(documents).isNotEmpty();
    for (Object document : documents) {
      assertThat(at(document, "apiVersion")).isInstanceOf(String.class);
      assertThat(at(document, "kind")).isInstanceOf(String.class);
      assertThat(at(document, "metadata", "name")).isInstanceOf(String.class);
      if ("Deployment".equals(at(document, "kind"))) {
        deployment(document);
      }
    }
  }

  private static void deployment(Object document) {
    assertThat(at(document, "spec", "selector", "matchLabels"))
        .isEqualTo(at(document, "spec", "template", "metadata", "labels"));
    Object pod = at(document, "spec", "template", "spec");
    Set<String> variables =
        Stream.concat(
                Stream.of("ROOMCAST_JAVA_OPTS"), Stream.of(Setting.values()).map(Setting::variable))
            .collect(Collectors.toSet());
    int[] drain = {10};
    each(
        at(pod, "containers"),
        container -> {
          List<Object> ports = new ArrayList<>();
          each(at(container, "ports"), port -> ports.add(at(port, "name")));
          for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            Object get = at(container, probe, "httpGet");
            if (get != null) {
              assertThat(at(get, "path")).as(probe).isIn(PROBES);
              assertThat(ports).as(probe).contains(at(get, "port"));
            }
          }
          each(
              at(container, "env"),
              variable -> {
                assertThat(String.valueOf(at(variable, "name"))).isIn(variables);
                if ("ROOMCAST_DRAIN".equals(at(variable, "name"))) {
                  drain[0] =
                      Integer.parseInt(String.valueOf(at(variable, "value")).replace("s", ""));
                }
              });
        });
    assertThat((Integer) at(pod, "terminationGracePeriodSeconds"))
        .as("time to end, beside the time to send clients away")
        .isGreaterThanOrEqualTo(drain[0] + 5);
  }

  private static @Nullable Object at(@Nullable Object node, String... keys) {
    Object at = node;
    for (String key : keys) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return at;
  }

  private static void each(@Nullable Object list, Consumer<Object> action) {
    if (list instanceof List<?> items) {
      items.forEach(action);
    }
  }
}
