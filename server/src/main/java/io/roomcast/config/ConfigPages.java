package io.roomcast.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table of settings as text: the page of the documentation, the file to begin with. */
public final class ConfigPages {
  private static final String PAGE_HEAD =
      """
      # Configuration

      Made by `roomcast config page` from the table of settings (`config/Setting`); a test compares.

      A setting has one name in three spellings: `port` in the file, `ROOMCAST_PORT` in the environment, `--port` on the command line of
      `roomcast serve`. Flags win over the environment, the environment over the file, the file over the defaults. The file is YAML, and is
      named by `--config FILE` or `ROOMCAST_CONFIG`:

      ```yaml roomcast
      port: 8080
      redis: redis://127.0.0.1:6379
      allow-origin:
        - https://chat.example
      rules:
        - news:* log=100/5m
      ```

      A name that does not exist is an error, in the file, in the environment (whatever begins with `ROOMCAST_`) and on the command line, and
      so is a value out of its bounds; all errors are told at once, each with its place. An empty variable counts as none.

      A secret can stand in a file of its own, named by its setting with `-file` or `_FILE` behind it: `token-secret-file`,
      `ROOMCAST_TOKEN_SECRET_FILE`, `--token-secret-file`. Blanks at the end of such a file are left out. Others can see a command line: do not write
      secrets there.

      A time is a whole number and `ms`, `s`, `m`, `h` or `d`; without a unit it is seconds. A size is a whole number and `KiB`, `MiB` or `GiB`;
      without a unit it is bytes. Where several are taken, the file has a list, a flag is repeated, and in a variable `,` stands between two
      (`;` between rules).

      | command | does |
      |---|---|
      | `roomcast config init` | writes a file with every setting, its meaning and its default |
      | `roomcast config check` | reads everything as `serve` would, and says what is wrong |
      | `roomcast config print` | shows every setting and where it comes from, without secrets |
      | `roomcast config explain ROOM` | tells which configured rule holds for a room, and what it allows |

      **Changes at run time.** On SIGHUP a server that was given a file reads everything again, and follows the settings marked below without
      a restart; it logs which others have changed and wait for one. When anything is wrong it logs what, and goes on as it was.
      What is started with `nohup` does not hear SIGHUP. Rules that the [server API](../PROTOCOL.md#rules-for-all-nodes) gives to all nodes come before
      the configured ones until they are taken back there; the commands above tell of the configuration alone, `GET /v1/rules` of what holds.
      """;

  private static final String FILE_HEAD =
      """
      # Settings of a Roomcast server: roomcast serve --config FILE
      # What begins with # is left out. The environment and flags win over this file.
      """;

  private ConfigPages() {}

  /** The page {@code docs/configuration.md}. */
  public static String page() {
    StringBuilder page = new StringBuilder(PAGE_HEAD);
    for (Group group : Group.values()) {
      page.append("\n## ").append(group.title()).append("\n\n");
      page.append("| key | flag | variable | values | default | at run time | meaning |\n");
      page.append("|---|---|---|---|---|---|---|\n");
      for (Setting setting : in(group)) {
        page.append("| ").append(String.join(" | ", row(setting))).append(" |\n");
      }
    }
    return page.toString();
  }

  private static List<Setting> in(Group group) {
    List<Setting> settings = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      if (setting.row().group() == group) {
        settings.add(setting);
      }
    }
    return settings;
  }

  private static List<String> row(Setting setting) {
    return List.of(
        "`" + setting.key() + "`",
        "`" + setting.flag() + "`",
        "`" + setting.variable() + "`",
        setting.row().kind().values().replace("|", "\\|"),
        setting.preset().isEmpty() ? "" : "`" + setting.preset() + "`",
        setting.live() ? "yes" : "",
        setting.meaning().replace("|", "\\|"));
  }

  /** A file to begin with: every setting, commented out, with its default or an example. */
  public static String file() {
    StringBuilder file = new StringBuilder(FILE_HEAD);
    for (Group group : Group.values()) {
      file.append("\n# ---- ").append(group.title()).append('\n');
      for (Setting setting : in(group)) {
        file.append("\n# ").append(setting.meaning()).append('\n');
        file.append("# Values: ").append(setting.row().kind().values()).append(".\n");
        boolean none = setting.preset().isEmpty();
        String value = none ? setting.example() : setting.preset();
        file.append('#').append(setting.key()).append(": ").append(scalar(value));
        file.append(none ? "    # an example; there is no default\n" : "\n");
      }
    }
    return file.toString();
  }

  /**
   * The settings as a file would have them, each with its source behind it.
   *
   * @param all whether those that have their default are shown too
   */
  public static String print(Settings settings, boolean all) {
    StringBuilder print = new StringBuilder();
    for (Setting setting : Setting.values()) {
      Settings.Value value = settings.value(setting);
      if (all || !value.source().equals(Settings.DEFAULT)) {
        print.append(setting.key()).append(": ").append(value(setting, value.texts()));
        print.append("    # ").append(value.source()).append('\n');
      }
    }
    return print.toString();
  }

  private static String value(Setting setting, List<String> texts) {
    if (setting.several()) {
      return texts.stream().map(ConfigPages::scalar).collect(Collectors.joining(", ", "[", "]"));
    }
    return scalar(texts.isEmpty() ? "" : setting.row().kind().shown(texts.getFirst()));
  }

  /** A text as YAML takes it for what it is. */
  private static String scalar(String text) {
    return text.matches("[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9_./:@-]*[A-Za-z0-9]")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
  }
}
