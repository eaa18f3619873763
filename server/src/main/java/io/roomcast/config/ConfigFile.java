package io.roomcast.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Settings from a YAML file: one mapping, from a setting's key to its value. Values are taken as
 * they are written, whatever YAML would make of them; no type is ever made from the file.
 */
final class ConfigFile {
  private static final int MOST_BYTES = 1 << 20;

  private final String name;
  private final Layer layer = new Layer();
  private final Set<String> seen = new HashSet<>();

  private ConfigFile(String name) {
    this.name = name;
  }

  /** Reads a file. */
  static Layer read(String file) {
    ConfigFile config = new ConfigFile(file);
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        config.layer.flaw(file + " has more than " + MOST_BYTES + " bytes");
      } else {
        config.parse(new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (IOException | InvalidPathException e) {
      config.layer.flaw(file + " cannot be read: " + Layer.reason(e));
    }
    return config.layer;
  }

  /** Reads what would stand in a file of that name. */
  static Layer of(String name, String text) {
    ConfigFile config = new ConfigFile(name);
    config.parse(text);
    return config.layer;
  }

  private void parse(String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(MOST_BYTES).build();
    try {
      new Compose(settings).composeString(text).ifPresent(this::root);
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> line(mark.getLine())).orElse(name);
      layer.flaw(line + ": not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      layer.flaw(name + ": not YAML: " + e.getMessage());
    }
  }

  private String line(int fromZero) {
    return name + ", line " + (fromZero + 1);
  }

  private String line(Node node) {
    return node.getStartMark().map(mark -> line(mark.getLine())).orElse(name);
  }

  private void root(Node node) {
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::entry);
    } else {
      layer.flaw(line(node) + ": expected settings, each as key: value");
    }
  }

  private void entry(NodeTuple entry) {
    String at = line(entry.getKeyNode());
    if (!(entry.getKeyNode() instanceof ScalarNode key)) {
      layer.flaw(at + ": expected the key of a setting");
      return;
    }
    if (!seen.add(key.getValue())) {
      layer.flaw(at + ": " + key.getValue() + " is given twice");
      return;
    }
    String named = at + ": " + key.getValue();
    for (Setting setting : Setting.values()) {
      if (setting.key().equals(key.getValue())) {
        List<String> texts = texts(setting, named, entry.getValueNode());
        if (!texts.isEmpty()) {
          layer.put(setting, texts, named, at);
        }
        return;
      }
      if (setting.secret() && key.getValue().equals(setting.key() + Layer.FILE)) {
        List<String> file = texts(setting, named, entry.getValueNode());
        if (!file.isEmpty()) {
          layer.putFile(setting, file.getFirst(), named, at);
        }
        return;
      }
    }
    layer.flaw(
        at + ": there is no setting " + key.getValue() + Nearest.hint(key.getValue(), keys()));
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      keys.add(setting.key());
      if (setting.secret()) {
        keys.add(setting.key() + Layer.FILE);
      }
    }
    return keys;
  }

  /** The value's texts; nothing when it has none that can be taken. */
  private List<String> texts(Setting setting, String named, Node value) {
    if (value instanceof ScalarNode scalar) {
      if (scalar.getTag().equals(Tag.NULL)) {
        layer.flaw(named + " has no value; expected " + setting.row().kind().values());
        return List.of();
      }
      return List.of(scalar.getValue());
    }
    if (value instanceof SequenceNode list && setting.several()) {
      List<String> texts = new ArrayList<>();
      for (Node item : list.getValue()) {
        if (!(item instanceof ScalarNode scalar)) {
          layer.flaw(line(item) + ": " + setting.key() + " has an item that is no text");
          return List.of();
        }
        texts.add(scalar.getValue());
      }
      return texts.isEmpty() ? List.of("") : texts;
    }
    String several = setting.several() ? ", or a list of them" : "";
    layer.flaw(named + " must be " + setting.row().kind().values() + several);
    return List.of();
  }
}
