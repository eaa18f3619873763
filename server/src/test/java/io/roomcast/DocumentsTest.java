package io.roomcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.cli.RoomcastCommand;
import io.roomcast.config.ConfigPages;
import io.roomcast.config.Setting;
import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Command;
import io.roomcast.protocol.CommandReader;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.LeaveCode;
import io.roomcast.protocol.Reply;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Limits;
import io.roomcast.room.LogEvent;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say is what the code does, where a table or a link says it. */
final class DocumentsTest {
  private static final Path ROOT = root();
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final String SOURCES = "src/main/java/io/roomcast/";
  private static final Pattern NAMED = Pattern.compile("`([a-z]+/[A-Z]\\w+)`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  @Test
  void protocolListsEveryError() throws IOException {
    List<List<String>> code =
        Stream.of(ErrorCode.values())
            .map(e -> List.of("" + e.code(), "`" + e.word() + "`", yesNo(e.temporary())))
            .toList();
    assertThat(table("PROTOCOL.md", "### Errors", 3)).containsExactlyElementsOf(code);
  }

  @Test
  void protocolListsEveryCloseCode() throws IOException {
    List<List<String>> code =
        Stream.of(CloseCode.values())
            .map(c -> List.of("" + c.code(), c.text(), yesNo(c.reconnect())))
            .toList();
    assertThat(table("PROTOCOL.md", "### Close codes", 3)).containsExactlyElementsOf(code);
  }

  @Test
  void protocolListsEveryLeaveCode() throws IOException {
    List<List<String>> code =
        Stream.of(LeaveCode.values()).map(c -> List.of("" + c.code(), c.text())).toList();
    assertThat(table("PROTOCOL.md", "### The server's doing", 2)).containsExactlyElementsOf(code);
  }

  @Test
  void operationsListsEveryLogEvent() throws IOException {
    List<List<String>> code =
        Stream.of(LogEvent.values()).map(e -> List.of("`" + e.code() + "`")).toList();
    assertThat(table("docs/operations.md", "| event |", 1)).containsExactlyElementsOf(code);
  }

  @Test
  void protocolListsEveryLimit() throws ReflectiveOperationException, IOException {
    Map<String, Long> written = new LinkedHashMap<>();
    for (List<String> row : table("PROTOCOL.md", "### Limits", 3)) {
      String number = row.get(1).replaceFirst(" .*", "").replace(",", "");
      written.put(row.get(2).replace("`", ""), Long.valueOf(number));
    }
    assertThat(written).containsExactlyEntriesOf(limits());
  }

  @Test
  void examplesOfCommandsAreRead() throws IOException {
    int seen = 0;
    for (String document : List.of("README.md", "PROTOCOL.md")) {
      List<String> lines = Files.readAllLines(ROOT.resolve(document));
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).startsWith("→ ")) {
          byte[] frame = lines.get(i).substring(2).getBytes(UTF_8);
          seen++;
          for (Command command : CommandReader.read(frame, 0, frame.length)) {
            if (command instanceof Command.Rejected no) {
              byte[] error = Reply.error(no.id(), no.code(), no.text());
              assertThat(lines.get(i + 1)).isEqualTo("← " + new String(error, UTF_8));
            }
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(5);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    int seen = 0;
    for (Path document : documents()) {
      String text = FENCED.matcher(Files.readString(document)).replaceAll("");
      for (String link : LINK.matcher(text).results().map(m -> m.group(1)).toList()) {
        if (!link.matches("[a-z]+:.*")) {
          seen++;
          if (!resolves(document, link)) {
            dead.add(ROOT.relativize(document) + " -> " + link);
          }
        }
      }
    }
    assertThat(dead).isEmpty();
    assertThat(seen).isGreaterThan(10);
  }

  @Test
  void readmeNamesTheTwoCommands() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertThat(readme).contains("./roomcast serve\n", "./verify\n");
    assertThat(ROOT.resolve("roomcast")).isExecutable();
    assertThat(ROOT.resolve("verify")).isExecutable();
  }

  @Test
  void readmeListsEveryCommand() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertThat(RoomcastCommand.commandLine().getSubcommands().keySet())
        .filteredOn(name -> !name.equals("help") && !name.equals("rehearse"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(readme).contains("\n| `roomcast " + name));
  }

  /** To make it anew: {@code ./roomcast config page > docs/configuration.md}. */
  @Test
  void thePageOfSettingsIsWhatTheTableSays() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/configuration.md")))
        .isEqualTo(ConfigPages.page());
  }

  @Test
  void readmeNamesFlagsAsTheyAre() throws IOException {
    List<List<String>> code = new ArrayList<>(List.of(List.of("--config", "ROOMCAST_CONFIG", "")));
    for (Setting setting : Setting.values()) {
      code.add(List.of(setting.flag(), setting.variable(), setting.preset()));
    }
    List<List<String>> written = new ArrayList<>();
    for (List<String> row : table("README.md", "| flag of `serve` |", 3)) {
      boolean literal = row.get(2).startsWith("`");
      written.add(
          Stream.of(row.get(0), row.get(1), literal ? row.get(2) : "")
              .map(cell -> cell.replace("`", ""))
              .toList());
    }
    assertThat(written).hasSizeGreaterThan(5).isSubsetOf(code);
  }

  @Test
  void architectureNamesWhatIsThere() throws IOException {
    String text = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    List<String> named = NAMED.matcher(text).results().map(m -> m.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named)
        .allSatisfy(
            name ->
                assertThat(
                        Stream.of("protocol", "client", "server")
                            .map(module -> ROOT.resolve(module).resolve(SOURCES + name + ".java")))
                    .anyMatch(Files::exists));
    try (Stream<Path> packages = Files.list(ROOT.resolve("server").resolve(SOURCES))) {
      assertThat(packages.filter(Files::isDirectory).map(dir -> "\n             " + name(dir)))
          .allMatch(text::contains);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName()) + " ";
  }

  private static Map<String, Long> limits() throws ReflectiveOperationException {
    Map<String, Long> limits = new LinkedHashMap<>();
    for (RecordComponent component : Limits.class.getRecordComponents()) {
      Object value = component.getAccessor().invoke(Limits.DEFAULT);
      long number =
          value instanceof Duration time ? time.toSeconds() : ((Number) value).longValue();
      limits.put("Limits." + component.getName(), number);
    }
    for (Field field : WireLimits.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        limits.put("WireLimits." + field.getName(), (long) field.getInt(null));
      }
    }
    return limits;
  }

  /** The first columns of the first table at or below a line that begins so, without its head. */
  private static List<List<String>> table(String document, String begin, int columns)
      throws IOException {
    return Files.readString(ROOT.resolve(document))
        .lines()
        .dropWhile(line -> !line.startsWith(begin))
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Arrays.asList(line.substring(1).trim().split("\\s*\\|\\s*")))
        .map(cells -> cells.subList(0, columns))
        .toList();
  }

  private static boolean resolves(Path document, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /** Headings as the usual renderers turn them into anchors. */
  private static Set<String> anchors(Path document) throws IOException {
    String text = FENCED.matcher(Files.readString(document)).replaceAll("");
    return HEADING
        .matcher(text)
        .results()
        .map(m -> m.group(1).toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static List<Path> documents() throws IOException {
    Set<String> notOurs = Set.of("target", "node_modules", ".git");
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> Collections.disjoint(notOurs, below(file)))
          .toList();
    }
  }

  private static Set<String> below(Path file) {
    return Stream.of(ROOT.relativize(file).toString().split("[/\\\\]")).collect(Collectors.toSet());
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("PROTOCOL.md"))) {
      at = Objects.requireNonNull(at.getParent(), "no PROTOCOL.md above");
    }
    return at;
  }
}
