package io.roomcast.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every block of every page below {@code docs/} is run. What stands behind the fence says how:
 *
 * <pre>
 *   sh serve           roomcast serve, with its flags, until the page's end or the next on its port
 *   sh                 a script that must end with 0; what the block "text" behind it says must come out
 *   text               the output of the script before it; … stands for anything within a line
 *   text talk          a conversation over WebSocket with the server on port 8080
 *   json               one value, or one in each line
 *   yaml roomcast      a file of settings that roomcast config check must take
 *   yaml kubernetes    manifests
 *   nginx, haproxy     a configuration of the proxy, which is run before the server on port 8080
 *   dockerfile         its files are there, and what it starts serves
 *   java               the body of a method, which must end well
 * </pre>
 */
final class SnippetsIT {
  private static final Path ROOT = root();

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("PROTOCOL.md"))) {
      at = Objects.requireNonNull(at.getParent());
    }
    return at;
  }

  @TestFactory
  Stream<DynamicTest> everyPageHolds() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      List<Path> pages = files.filter(f -> f.toString().endsWith(".md")).sorted().toList();
      assertThat(pages).hasSizeGreaterThan(1);
      return pages.stream()
          .map(page -> DynamicTest.dynamicTest(page.getFileName().toString(), () -> work(page)));
    }
  }

  private static void work(Path page) throws Exception {
    String output = "";
    try (Workshop workshop = new Workshop()) {
      for (Snippet snippet : Snippet.of(page)) {
        try {
          output = work(workshop, snippet, output);
        } catch (AssertionError | IOException | RuntimeException e) {
          throw new AssertionError(
              ROOT.relativize(page) + ":" + snippet.line() + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private static String work(Workshop workshop, Snippet snippet, String output) throws Exception {
    String text = snippet.text();
    switch (snippet.kind()) {
      case "sh serve" -> workshop.serve(text);
      case "sh" -> {
        return workshop.run(text);
      }
      case "text" -> assertThat(output.strip()).matches(asWritten(text.strip()));
      case "text talk" -> new Talk(workshop.port()).play(text);
      case "json" -> values(text);
      case "yaml roomcast" -> {
        Files.writeString(workshop.directory().resolve("roomcast.yaml"), text);
        workshop.run("roomcast config check --config roomcast.yaml");
      }
      case "yaml kubernetes" -> Manifests.check(text);
      case "nginx" -> Proxies.nginx(workshop, text);
      case "haproxy" -> Proxies.haproxy(workshop, text);
      case "java" -> Programs.java(workshop, text);
      case "dockerfile" -> Image.check(workshop, ROOT, text);
      default ->
          throw new AssertionError("no way to try a block of the kind '" + snippet.kind() + "'");
    }
    return "";
  }

  /** One value over all lines, or one in each. */
  private static void values(String text) {
    List<String> lines = text.lines().toList();
    if (lines.stream().allMatch(line -> line.endsWith("}"))) {
      lines.forEach(JsonTree::read);
    } else {
      JsonTree.read(text);
    }
  }

  private static Pattern asWritten(String text) {
    return Pattern.compile(
        Stream.of(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
