package io.roomcast.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FilesTest {
  private final Path folder = folder();

  private static Path folder() {
    URL list = FilesTest.class.getResource("/io/roomcast/console/files.txt");
    try {
      return Objects.requireNonNull(Path.of(Objects.requireNonNull(list).toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theListNamesEveryFile() throws IOException {
    List<String> listed = Files.readAllLines(folder.resolve("files.txt"));
    assertThat(names()).containsExactlyInAnyOrderElementsOf(listed).contains("index.html");
  }

  @Test
  void noFileIsLong() throws IOException {
    for (String name : names()) {
      assertThat(Files.readAllLines(folder.resolve(name))).as(name).hasSizeLessThan(400);
    }
  }

  @Test
  void everyImportIsThere() throws IOException {
    for (String name : names()) {
      String text = Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
      assertThat(Stream.of(text.split("/console/", -1)).skip(1)).as(name).allSatisfy(this::isThere);
    }
  }

  private void isThere(String rest) {
    assertThat(folder.resolve(rest.replaceAll("(?s)[^\\w.-].*", ""))).exists();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("files.txt"))
          .toList();
    }
  }
}
