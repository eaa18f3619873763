package io.roomcast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every conversation of a client library, as the JavaScript one plays them too. */
final class SdkConformanceTest {
  // Maven runs the tests of a module in its own folder.
  private static final Path FOLDER = Path.of("..", "conformance", "sdk");

  /** What only this library has been asked so far. */
  private static final Path MORE = Path.of("src", "test", "resources", "sdk");

  @TestFactory
  Stream<DynamicTest> theLibraryKeepsToEveryTranscript() throws IOException {
    List<Path> files;
    try (Stream<Path> shared = Files.list(FOLDER);
        Stream<Path> more = Files.list(MORE)) {
      Stream<Path> all = Stream.concat(shared, more);
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(5);
    return files.stream()
        .map(
            file -> {
              String name = String.valueOf(file.getFileName());
              return DynamicTest.dynamicTest(
                  name, () -> SdkTranscript.play(name, Files.readString(file)));
            });
  }
}
