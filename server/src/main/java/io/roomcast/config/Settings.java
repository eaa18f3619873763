package io.roomcast.config;

import io.roomcast.room.Allowance;
import io.roomcast.room.Allowances;
import io.roomcast.room.Limits;
import io.roomcast.room.Proxies;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A value for each setting, and where it comes from. Immutable. */
public final class Settings {
  /** The source of a value that nobody has given. */
  public static final String DEFAULT = "default";

  private final Map<Setting, Value> values;

  /**
   * What one setting is.
   *
   * @param texts one, or any number where it takes several
   * @param source where it stands, for people
   */
  public record Value(List<String> texts, String source) {
    /** Makes it. */
    public Value {
      texts = List.copyOf(texts);
    }
  }

  /** Some of what was given cannot be taken; the message has a line for each flaw. */
  public static final class Flawed extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Flawed(List<String> flaws) {
      super(String.join("\n", flaws));
    }
  }

  /**
   * Where settings come from, so that they can be read again.
   *
   * @param flags the command line's, which win over all others
   * @param environment variables, which win over the file
   * @param file a YAML file; empty for none, or for the one that the environment names
   */
  public record Sources(Layer flags, Map<String, String> environment, String file) {
    /** The file, or empty. */
    public String fileUsed() {
      return file.isEmpty() ? environment.getOrDefault(Environment.CONFIG, "") : file;
    }

    /**
     * Reads them.
     *
     * @throws Flawed when something cannot be taken
     */
    public Settings read() {
      Layer variables = Environment.read(environment);
      String used = fileUsed();
      // Nothing of YAML is loaded where there is no file: the start is not to wait for it.
      Layer config = used.isEmpty() ? new Layer() : ConfigFile.read(used);
      return new Settings(List.of(flags, variables, config));
    }
  }

  /** Puts layers together, the strongest first. */
  Settings(List<Layer> layers) {
    List<String> flaws = layers.stream().flatMap(layer -> layer.flaws().stream()).toList();
    if (!flaws.isEmpty()) {
      throw new Flawed(flaws);
    }
    values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      List<String> preset = setting.preset().isEmpty() ? List.of() : List.of(setting.preset());
      values.put(setting, new Value(preset, DEFAULT));
    }
    layers.reversed().forEach(layer -> values.putAll(layer.values()));
  }

  /** What a setting is, and where that stands. */
  public Value value(Setting setting) {
    return values.getOrDefault(setting, new Value(List.of(), DEFAULT));
  }

  /** The settings that others have another value for. */
  public List<Setting> changedIn(Settings others) {
    return values.keySet().stream()
        .filter(setting -> !list(setting).equals(others.list(setting)))
        .toList();
  }

  /** A setting's text; empty when there is none. */
  public String text(Setting setting) {
    List<String> texts = list(setting);
    return texts.isEmpty() ? "" : texts.getFirst();
  }

  /** The texts of a setting that takes several. */
  public List<String> list(Setting setting) {
    return value(setting).texts();
  }

  /** A whole number. */
  public int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  /** A whole number, or this one where none is given. */
  public int numberOr(Setting setting, int otherwise) {
    return text(setting).isEmpty() ? otherwise : number(setting);
  }

  /** A time. */
  public Duration time(Setting setting) {
    return Duration.ofMillis(Quantity.millis(text(setting)));
  }

  /** A size of at most 2 GiB, in bytes. */
  public int bytes(Setting setting) {
    return Math.toIntExact(Quantity.bytes(text(setting)));
  }

  /** Whether it is said to be so. */
  public boolean flag(Setting setting) {
    return text(setting).toLowerCase(Locale.ROOT).equals("true");
  }

  /** What one session may cost. */
  public Limits limits() {
    Allowance session = allowance(Setting.PER_SESSION, AllowanceReader.SESSION);
    int rate = session.commands() > 0 ? session.commands() : number(Setting.COMMANDS_PER_SECOND);
    return new Limits(
        bytes(Setting.MESSAGE_BYTES),
        session.rooms() > 0 ? session.rooms() : number(Setting.ROOMS_PER_SESSION),
        rate,
        2 * rate,
        number(Setting.ERRORS_FORGIVEN),
        bytes(Setting.UNREAD_BYTES),
        time(Setting.UNREAD_FOR),
        time(Setting.JOIN_WAIT));
  }

  /** What is counted beside that. */
  public Allowances allowances() {
    return new Allowances(
        allowance(Setting.PER_SESSION, AllowanceReader.SESSION),
        allowance(Setting.PER_USER, AllowanceReader.ALL),
        allowance(Setting.PER_ADDRESS, AllowanceReader.ALL),
        allowance(Setting.PER_NODE, AllowanceReader.ALL),
        new Proxies(list(Setting.TRUSTED_PROXIES)));
  }

  private Allowance allowance(Setting setting, List<String> words) {
    return AllowanceReader.read(text(setting), words);
  }
}
