package io.roomcast.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A container's recipe, followed without a container: what it copies out of its build is there
 * after ours, and what it starts serves from these files alone.
 */
final class Image {
  /** Where the recipe builds; here, the project's root is that place. */
  private static final String BUILD = "/src/";

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

  private Image() {}

  static void check(Workshop workshop, Path root, String text)
      throws IOException, InterruptedException {
    Path image = Files.createDirectories(workshop.directory().resolve("image"));
    String command = "";
    for (String line : text.replace("\\\n", " ").lines().toList()) {
      if (line.startsWith("COPY --from=build ")) {
        List<String> words = List.of(line.split(" +"));
        for (String from : words.subList(2, words.size() - 1)) {
          copy(root, from.substring(BUILD.length()), image, words.get(words.size() - 1));
        }
      } else if (line.startsWith("ENTRYPOINT ") || line.startsWith("CMD ")) {
        command +=
            WORD.matcher(line)
                .results()
                .map(m -> m.group(1).startsWith("/") ? image + m.group(1) : m.group(1))
                .reduce("", (all, word) -> all + " '" + word + "'");
      }
    }
    int port = workshop.listen(1);
    workshop.start(
        port, "bash", "-c", "exec" + command.replace("'java'", java()) + " --port " + port);
    assertThat(workshop.execute("curl -sf http://127.0.0.1:%d/ready".formatted(port)))
        .contains("ready");
  }

  private static String java() {
    return "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "'";
  }

  private static void copy(Path root, String pattern, Path image, String to) throws IOException {
    Path target = Files.createDirectories(image.resolve(to.substring(1)));
    FileSystem files = FileSystems.getDefault();
    Path from = root.resolve(pattern);
    int copied = 0;
    try (Stream<Path> beside = Files.list(from.getParent())) {
      for (Path file : beside.toList()) {
        if (files.getPathMatcher("glob:" + from).matches(file)) {
          Files.copy(file, target.resolve(file.getFileName()));
          copied++;
        }
      }
    }
    assertThat(copied).as("files of " + pattern).isPositive();
  }
}
