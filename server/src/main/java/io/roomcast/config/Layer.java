package io.roomcast.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one place says about settings: the command line, the environment or the file. Keeps what is
 * wrong instead of throwing, so that everything wrong is told at once. Not thread-safe.
 */
public final class Layer {
  /** Behind the name of a secret: the value is a file that has it. */
  public static final String FILE = "-file";

  private static final long MOST_SECRET_BYTES = 64 * 1024;

  private final Map<Setting, Settings.Value> values = new EnumMap<>(Setting.class);
  private final List<String> flaws = new ArrayList<>();

  /**
   * Takes a value.
   *
   * @param texts one; or several, each perhaps several itself, where the setting takes several
   * @param named how its place calls it, such as {@code --port}
   * @param source where it stands, for people
   */
  public void put(Setting setting, List<String> texts, String named, String source) {
    List<String> taken =
        setting.row().kind() instanceof Kind.Several kind ? apart(texts, kind) : texts;
    for (String text : taken) {
      String flaw =
          text.isEmpty() && setting.preset().isEmpty() ? "" : setting.row().kind().flaw(text);
      if (!flaw.isEmpty()) {
        flaw(named + " " + flaw);
        return;
      }
    }
    if (values.put(setting, new Settings.Value(taken, source)) != null) {
      flaw(named + " is given twice, once as a file");
    }
  }

  /** Takes what stands in a file as the value of a secret. */
  public void putFile(Setting setting, String file, String named, String source) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MOST_SECRET_BYTES) {
        flaw(named + " names " + file + ", which has more than " + MOST_SECRET_BYTES + " bytes");
        return;
      }
      String text = Files.readString(path, StandardCharsets.UTF_8);
      put(setting, List.of(text.stripTrailing()), named, source + " (" + file + ")");
    } catch (IOException | InvalidPathException e) {
      flaw(named + " names " + file + ", which cannot be read: " + reason(e));
    }
  }

  static String reason(Exception e) {
    String message = e.getMessage();
    String kind = e.getClass().getSimpleName().replaceFirst("Exception$", "");
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is no such file"
        : kind + (message == null ? "" : " " + message);
  }

  private static List<String> apart(List<String> texts, Kind.Several kind) {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.split(kind.separator(), -1)))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /** Keeps what is wrong. */
  void flaw(String text) {
    flaws.add(text);
  }

  Map<Setting, Settings.Value> values() {
    return values;
  }

  List<String> flaws() {
    return flaws;
  }
}
