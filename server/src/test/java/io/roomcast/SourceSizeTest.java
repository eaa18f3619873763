package io.roomcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A source file that outgrows a few screens has taken on a second subject. */
final class SourceSizeTest {
  private static final int MOST_LINES = 400;

  @Test
  void everySourceFileIsSmall() throws IOException {
    // Maven runs the tests of a module in its own folder.
    for (String module : List.of("../protocol", "../client", "../server")) {
      List<Path> files;
      try (Stream<Path> all = Files.walk(Path.of(module, "src", "main", "java"))) {
        files = all.filter(file -> file.toString().endsWith(".java")).toList();
      }
      assertThat(files).as(module).hasSizeGreaterThan(5);
      for (Path file : files) {
        assertThat(Files.readAllLines(file).size()).as(file.toString()).isLessThan(MOST_LINES);
      }
    }
  }
}
