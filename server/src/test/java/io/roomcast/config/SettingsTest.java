package io.roomcast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roomcast.Roomcast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SettingsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory;

  private static Layer flag(Setting setting, String... texts) {
    Layer layer = new Layer();
    layer.put(setting, List.of(texts), setting.flag(), setting.flag());
    return layer;
  }

  private static Settings read(Map<String, String> environment) {
    return new Settings.Sources(new Layer(), environment, "").read();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private Settings read(String yaml) throws IOException {
    String path = file("roomcast.yaml", yaml).toString();
    return new Settings.Sources(new Layer(), Map.of(), path).read();
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
    Path file = file("all.yaml", "port: 1\nloops: 1\nhost: one\n");
    Map<String, String> environment =
        Map.of(
            "ROOMCAST_CONFIG",
            file.toString(),
            "ROOMCAST_PORT",
            "2",
            "ROOMCAST_LOOPS",
            "2",
            "PORT",
            "9");
    Settings settings = new Settings.Sources(flag(Setting.PORT, "3"), environment, "").read();
    assertThat(settings.number(Setting.PORT)).isEqualTo(3);
    assertThat(settings.number(Setting.LOOPS)).isEqualTo(2);
    assertThat(settings.text(Setting.HOST)).isEqualTo("one");
    assertThat(settings.text(Setting.REDIS_PREFIX)).isEqualTo("room:");
    assertThat(settings.value(Setting.PORT).source()).isEqualTo("--port");
    assertThat(settings.value(Setting.LOOPS).source()).isEqualTo("ROOMCAST_LOOPS");
    assertThat(settings.value(Setting.HOST).source()).isEqualTo(file + ", line 3");
    assertThat(settings.value(Setting.REDIS_PREFIX).source()).isEqualTo("default");
  }

  @Test
  void aFileThatIsGivenWinsOverTheOneThatTheEnvironmentNames() throws IOException {
    Path mine = file("mine.yaml", "port: 1\n");
    Map<String, String> environment = Map.of("ROOMCAST_CONFIG", directory.resolve("no").toString());
    assertThat(
            new Settings.Sources(new Layer(), environment, mine.toString())
                .read()
                .number(Setting.PORT))
        .isEqualTo(1);
  }

  @Test
  void valuesAreTakenAsTheyAreWritten() throws IOException {
    Settings settings =
        read(
            """
            # a comment
            redis-prefix: "room:"
            node-name: 0x10
            open: TRUE
            drain: 1m
            unread-bytes: 2MiB
            message-bytes: 1000
            allow-origin: https://a.example, https://b.example
            rules:
              - news:* log=100/5m
              - '* local'
            """);
    assertThat(settings.text(Setting.NODE_NAME)).isEqualTo("0x10");
    assertThat(settings.text(Setting.REDIS_PREFIX)).isEqualTo("room:");
    assertThat(settings.flag(Setting.OPEN)).isTrue();
    assertThat(settings.time(Setting.DRAIN)).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.bytes(Setting.UNREAD_BYTES)).isEqualTo(2 << 20);
    assertThat(settings.bytes(Setting.MESSAGE_BYTES)).isEqualTo(1000);
    assertThat(settings.list(Setting.ALLOW_ORIGIN))
        .containsExactly("https://a.example", "https://b.example");
    assertThat(settings.list(Setting.RULES)).containsExactly("news:* log=100/5m", "* local");
  }

  @Test
  void anEmptyFileAndAnEmptyVariableSayNothing() throws IOException {
    assertThat(read("").number(Setting.PORT)).isEqualTo(8080);
    assertThat(read("# nothing\n").number(Setting.PORT)).isEqualTo(8080);
    assertThat(read(Map.of("ROOMCAST_PORT", "")).number(Setting.PORT)).isEqualTo(8080);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot: 1|line 1: there is no setting prot; did you mean port?",
        "host: a\\nredis_prefix: x|line 2: there is no setting redis_prefix; did you mean redis-prefix?",
        "port: 1\\nport: 2|line 2: port is given twice",
        "port: 70000|line 1: port must be a whole number from 0 to 65535, not \"70000\"",
        "port:|line 1: port has no value; expected a whole number",
        "port: [1, 2]|line 1: port must be a whole number",
        "port: {a: b}|line 1: port must be",
        "open: yes|line 1: open must be true or false, not \"yes\"",
        "drain: soon|line 1: drain must be a time from 0s to 1h",
        "unread-for: 2h|line 1: unread-for must be a time from 1s to",
        "message-bytes: 1TB|line 1: message-bytes must be a size from 1 to 16MiB",
        "rules: [a, [b]]|line 1: rules has an item that is no text",
        "rules: {a: log=1/1s}|line 1: rules must be a room's name or NAME*, then words, or a list",
        "? [a]\\n: 1|not YAML: ",
        "- port|line 1: expected settings",
        "port: 'x|line 1: not YAML: ",
        "port: 1\\n\\tloops: 2|line 2: not YAML: ",
        "a: &a 1\\nb: *c|not YAML: ",
        "token-secret-file: /no/such/file|token-secret-file names /no/such/file, which cannot be read",
        "--- a\\n--- b|not YAML",
      })
  void whatIsWrongInTheFileIsSaidWithItsPlace(String yaml, String expected) {
    assertThatThrownBy(() -> read(yaml.replace("\\n", "\n").replace("\\t", "\t")))
        .isInstanceOf(Settings.Flawed.class)
        .hasMessageContaining("roomcast.yaml")
        .hasMessageContaining(expected);
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    assertThatThrownBy(() -> read("#".repeat((1 << 20) + 1)))
        .hasMessageContaining("has more than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "ROOMCAST_PROT,1,there is no variable ROOMCAST_PROT; did you mean ROOMCAST_PORT?",
    "ROOMCAST_SOMETHING_ELSE,1,there is no variable ROOMCAST_SOMETHING_ELSE",
    "ROOMCAST_PORT,x,ROOMCAST_PORT must be a whole number",
    "ROOMCAST_PORT,tcp://10.0.0.1:80,enableServiceLinks",
    "ROOMCAST_TOKEN_SECRET_FILE,/no/such,ROOMCAST_TOKEN_SECRET_FILE names /no/such",
    "ROOMCAST_PORT_FILE,/etc/hostname,there is no variable ROOMCAST_PORT_FILE",
  })
  void whatIsWrongInTheEnvironmentIsSaid(String name, String text, String expected) {
    assertThatThrownBy(() -> read(Map.of(name, text))).hasMessageContaining(expected);
  }

  @Test
  void variablesOfOthersAreLeftAlone() {
    Map<String, String> others =
        Map.of("ROOMCAST_JAVA_OPTS", "-Xmx1g", "ROOMCAST_AOT", "off", "HOME", "/");
    assertThat(read(others).value(Setting.PORT).source()).isEqualTo(Settings.DEFAULT);
  }

  @Test
  void aSecretMayStandInAFileOfItsOwn() throws IOException {
    Path secret = file("secret", SECRET + "\n");
    Settings byVariable = read(Map.of("ROOMCAST_TOKEN_SECRET_FILE", secret.toString()));
    assertThat(byVariable.text(Setting.TOKEN_SECRET)).isEqualTo(SECRET);
    Settings byFile = read("token-secret-file: " + secret);
    assertThat(byFile.text(Setting.TOKEN_SECRET)).isEqualTo(SECRET);
    assertThat(byFile.value(Setting.TOKEN_SECRET).source()).contains("line 1", secret.toString());
    assertThatThrownBy(() -> read("token-secret: " + SECRET + "\ntoken-secret-file: " + secret))
        .hasMessageContaining("given twice");
  }

  @Test
  void noSecretIsPrinted() throws IOException {
    String print =
        ConfigPages.print(
            read("token-secret: " + SECRET + "\nredis: redis://me:hidden@127.0.0.1:1/2\n"), true);
    assertThat(print)
        .doesNotContain(SECRET, "hidden@")
        .contains("token-secret: \"(hidden)\"    # ")
        .contains("redis: \"redis://***@127.0.0.1:1/2\"")
        .contains("port: 8080    # default\n");
  }

  @Test
  void whatIsPrintedIsAFileAgain() throws IOException {
    Settings settings = read("host: one\nrules: ['* local', 'a log=1/1s']\ndrain: 3s\n");
    String print = ConfigPages.print(settings, false);
    Settings again = read(print);
    assertThat(again.list(Setting.RULES)).isEqualTo(settings.list(Setting.RULES));
    assertThat(again.time(Setting.DRAIN)).isEqualTo(Duration.ofSeconds(3));
    assertThat(print.lines()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySettingReachesTheServer(Setting setting) {
    Map<String, String> environment = new HashMap<>(Map.of("ROOMCAST_NODE_NAME", "n"));
    if (setting.name().startsWith("WEBHOOK")) {
      // Means something only with these two.
      environment.put("ROOMCAST_WEBHOOK", "http://localhost/hook");
      environment.put("ROOMCAST_WEBHOOK_SECRET", "x".repeat(32));
    }
    ServerConfig before = Roomcast.builder().settings(read(environment)).config();
    environment.put(setting.variable(), setting.example());
    if (setting.name().startsWith("TLS")) {
      // One means nothing without the other.
      environment.putIfAbsent("ROOMCAST_TLS_CERT", "cert");
      environment.putIfAbsent("ROOMCAST_TLS_KEY", "key");
    }
    ServerConfig after = Roomcast.builder().settings(read(environment)).config();
    assertThat(after).isNotEqualTo(before);
    assertThat(Roomcast.builder().settings(read(environment)).config()).isEqualTo(after);
  }

  @Test
  void defaultsAreThoseOfTheBuilder() {
    assertThat(Roomcast.builder().settings(read(Map.of())).nodeName("n").config())
        .isEqualTo(Roomcast.builder().nodeName("n").config());
  }

  @Test
  void theFileToBeginWithIsGoodWithAndWithoutItsComments() throws IOException {
    assertThat(read(ConfigPages.file()).value(Setting.PORT).source()).isEqualTo(Settings.DEFAULT);
    Settings all = read(ConfigPages.file().replaceAll("(?m)^#(?=[a-z-]+: )", ""));
    for (Setting setting : Setting.values()) {
      String expected = setting.preset().isEmpty() ? setting.example() : setting.preset();
      assertThat(all.text(setting)).isEqualTo(expected);
      assertThat(all.value(setting).source()).isNotEqualTo(Settings.DEFAULT);
    }
  }

  @Test
  void keysAndFlagsAndVariablesAreDistinct() {
    assertThat(Setting.values()).extracting(Setting::key).doesNotHaveDuplicates();
    assertThat(Setting.values()).extracting(Setting::flag).doesNotHaveDuplicates();
    assertThat(Setting.values()).extracting(Setting::variable).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"0,0s", "1500,1500ms", "60000,1m", "90000,90s", "86400000,1d"})
  void timesAreWrittenAsTheyAreRead(long millis, String text) {
    assertThat(Quantity.text(Duration.ofMillis(millis))).isEqualTo(text);
    assertThat(Quantity.millis(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1000,1000", "1024,1KiB", "65536,64KiB", "1073741824,1GiB"})
  void sizesAreWrittenAsTheyAreRead(long bytes, String text) {
    assertThat(Quantity.text(bytes)).isEqualTo(text);
    assertThat(Quantity.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"port,prot,1", "port,port,0", "a,'',1", "abc,acb,1", "redis,radish,2"})
  void distancesCountWhatIsToBeChanged(String a, String b, int distance) {
    assertThat(Nearest.distance(a, b)).isEqualTo(distance);
  }
}
