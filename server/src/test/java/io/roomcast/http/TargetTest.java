package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {

  private static Target parse(String uri) throws Problem {
    return Target.parse(uri);
  }

  @Test
  void aPathIsSplitBeforeItIsDecoded() throws Problem {
    assertThat(parse("/").path()).isEqualTo(List.of(""));
    assertThat(parse("/a/b").path()).isEqualTo(List.of("a", "b"));
    assertThat(parse("/a//b/").path()).isEqualTo(List.of("a", "", "b", ""));
    assertThat(parse("/%61/%2F%2f/+/%F0%9F%98%80").path())
        .isEqualTo(List.of("a", "//", "+", "\uD83D\uDE00"));
    assertThat(parse("/../%2E%2E").path()).isEqualTo(List.of("..", ".."));
  }

  @Test
  void aQueryHasNamesAndValues() throws Problem {
    assertThat(parse("/?").query()).isEmpty();
    assertThat(parse("/?a=1&b=c+d%2B%3d=&e&&=x").query())
        .isEqualTo(Map.of("a", "1", "b", "c d+==", "e", ""));
    assertThat(parse("/a?b=/?").path()).isEqualTo(List.of("a"));
    assertThat(parse("/a?b=/?").query("b")).isEqualTo("/?");
    assertThat(parse("/a?b=1").query("c")).isEmpty();
  }

  @Test
  void proxiesNameTheServerToo() throws Problem {
    assertThat(parse("http://a.example:80/live?x=1").path()).isEqualTo(List.of("live"));
    assertThat(parse("HTTPS://a.example").path()).isEqualTo(List.of(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "ftp://a/b",
        "/a b",
        "/a#b",
        "/\u00e4",
        "/\u007f",
        "/%",
        "/%4",
        "/%g0",
        "/%+1",
        "/%\uff11\uff11",
        "/%ff",
        "/%C0%80",
        "/?a=%",
        "/?a=1&a=1",
      })
  void whatIsNoTargetIsRefused(String uri) {
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status().code()).isEqualTo(400));
  }
}
