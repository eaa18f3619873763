package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExtensionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        " permessage-deflate ; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=\"10\"",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=15",
        "x-unknown, permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
      })
  void whatCanBeDoneIsTaken(String header) {
    assertThat(Extensions.deflate(List.of(header))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x-webkit-deflate-frame",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; magic",
        "permessage-deflate;",
        "permessage-deflatex",
      })
  void whatCannotIsNot(String header) {
    assertThat(Extensions.deflate(List.of(header))).isFalse();
  }

  @Test
  void aLaterHeaderFieldCountsToo() {
    assertThat(Extensions.deflate(List.of("a", "permessage-deflate"))).isTrue();
    assertThat(Extensions.deflate(List.of())).isFalse();
  }
}
