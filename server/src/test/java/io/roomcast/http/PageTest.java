package io.roomcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PageTest {

  @Test
  void everyFileOfTheConsoleIsServed() throws Exception {
    URL list = PageTest.class.getResource("/io/roomcast/console/files.txt");
    assertThat(list).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(list.toURI()).resolveSibling("."))) {
      List<String> expected =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("files.txt"))
              .map(name -> name.equals("index.html") ? "/" : "/console/" + name)
              .toList();
      assertThat(Page.console(Port.ONLY).stream().map(Page::path).toList())
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void theClientIsServedAsItIs() throws Exception {
    byte[] content = Files.readAllBytes(Path.of("..", "client-js", "roomcast.js"));
    String etag = Page.of("/", "text/javascript", content).etag();
    assertThat(Page.all(Port.ONLY))
        .anySatisfy(
            page -> {
              assertThat(page.path()).isEqualTo("/roomcast.js");
              assertThat(page.etag()).isEqualTo(etag);
            });
  }

  @Test
  void anEtagNamesTheContent() {
    Page page = Page.of("/a", "text/css", new byte[] {1});
    assertThat(page.etag())
        .matches("\"[0-9a-f]{24}\"")
        .isEqualTo(Page.of("/b", "text/css", new byte[] {1}).etag())
        .isNotEqualTo(Page.of("/a", "text/css", new byte[] {2}).etag());
  }
}
