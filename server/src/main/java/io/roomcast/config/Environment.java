package io.roomcast.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Settings from environment variables. */
final class Environment {
  /** What our variables begin with. */
  static final String BEGIN = "ROOMCAST_";

  /** Names the file with settings. */
  static final String CONFIG = BEGIN + "CONFIG";

  private static final String FILE = "_FILE";

  /** What others of us read: the launcher, and the commands of clients. */
  private static final Set<String> OTHERS =
      Set.of(
          CONFIG,
          BEGIN + "JAVA_OPTS",
          BEGIN + "AOT",
          BEGIN + "URL",
          BEGIN + "TOKEN",
          BEGIN + "TLS_CA");

  private Environment() {}

  /** Reads what there is. An empty variable counts as none: that is how files of them leave one. */
  static Layer read(Map<String, String> environment) {
    Layer layer = new Layer();
    List<String> known = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      known.add(setting.variable());
      if (setting.secret()) {
        known.add(setting.variable() + FILE);
      }
    }
    new TreeMap<>(environment)
        .forEach(
            (name, text) -> {
              if (name.startsWith(BEGIN) && !OTHERS.contains(name) && !text.isEmpty()) {
                take(layer, known, name, text);
              }
            });
    return layer;
  }

  private static void take(Layer layer, List<String> known, String name, String text) {
    for (Setting setting : Setting.values()) {
      if (setting.variable().equals(name)) {
        int before = layer.flaws().size();
        layer.put(setting, List.of(text), name, name);
        if (layer.flaws().size() > before && text.matches("[a-z]+://[0-9.:]+")) {
          layer.flaw(
              "(Kubernetes sets such variables for a service of this name: turn"
                  + " enableServiceLinks off)");
        }
        return;
      }
      if (setting.secret() && name.equals(setting.variable() + FILE)) {
        layer.putFile(setting, text, name, name);
        return;
      }
    }
    layer.flaw("there is no variable " + name + Nearest.hint(name, known));
  }
}
