package io.roomcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A document with JSON Schemas in it, and so much of JSON Schema as these use. A keyword that is
 * not known here fails, so that none passes for checked that is not.
 */
public final class Schema {
  private static final Set<String> NOTES =
      Set.of("description", "default", "example", "examples", "summary", "format");

  private final Object root;

  private Schema(Object root) {
    this.root = root;
  }

  /** Reads a YAML file of the server's resources. */
  public static Schema api(String name) {
    // Maven runs the tests of a module in its own folder.
    Path file = Path.of("src/main/resources/io/roomcast/api", name);
    try {
      return new Schema(
          Objects.requireNonNull(
              new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands at a place, references followed. */
  public Object at(String... keys) {
    Object at = root;
    for (String key : keys) {
      at = Objects.requireNonNull(map(resolve(at)).get(key), () -> "no " + key);
    }
    return resolve(at);
  }

  /** The keys of what stands at a place. */
  public List<String> keys(String... keys) {
    return List.copyOf(map(at(keys)).keySet());
  }

  /** The object that stands at a place. */
  public Map<String, Object> mapAt(String... keys) {
    return map(at(keys));
  }

  /** Takes it for an object. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  /** A field of an object, which must be there; references are followed. */
  public Object get(Object object, String field) {
    return resolve(Objects.requireNonNull(map(object).get(field), () -> "no " + field));
  }

  /** Follows a reference, if it is one. */
  public Object resolve(Object value) {
    if (value instanceof Map<?, ?> fields && fields.get("$ref") instanceof String reference) {
      Object at = root;
      for (String part : reference.substring(2).split("/", -1)) {
        at =
            Objects.requireNonNull(
                map(at).get(part.replace("~1", "/").replace("~0", "~")),
                () -> "nothing at " + reference);
      }
      return resolve(at);
    }
    return value;
  }

  /** What is wrong with a value; empty when it is as the schema says. */
  public List<String> flaws(Object schema, @Nullable Object value) {
    List<String> flaws = new ArrayList<>();
    check(map(resolve(schema)), value, "", flaws);
    return flaws;
  }

  private void check(
      Map<String, Object> schema, @Nullable Object value, String where, List<String> flaws) {
    schema.forEach((keyword, wanted) -> check(schema, keyword, wanted, value, where, flaws));
  }

  private void check(
      Map<String, Object> schema,
      String keyword,
      Object wanted,
      @Nullable Object value,
      String where,
      List<String> flaws) {
    boolean right =
        switch (keyword) {
          case "type" -> isA((String) wanted, value);
          case "const" -> same(wanted, value);
          case "enum" -> ((List<?>) wanted).stream().anyMatch(one -> same(one, value));
          case "required" ->
              !(value instanceof Map<?, ?> fields) || fields.keySet().containsAll((List<?>) wanted);
          case "minimum" ->
              !(value instanceof Long number) || number >= ((Number) wanted).longValue();
          case "maximum" ->
              !(value instanceof Long number) || number <= ((Number) wanted).longValue();
          case "minLength" ->
              !(value instanceof String text) || text.length() >= ((Number) wanted).intValue();
          case "maxLength" ->
              !(value instanceof String text) || text.length() <= ((Number) wanted).intValue();
          case "minItems" ->
              !(value instanceof List<?> list) || list.size() >= ((Number) wanted).intValue();
          case "maxItems" ->
              !(value instanceof List<?> list) || list.size() <= ((Number) wanted).intValue();
          case "uniqueItems" ->
              !(value instanceof List<?> list) || new HashSet<>(list).size() == list.size();
          case "oneOf" ->
              ((List<?>) wanted)
                      .stream()
                          .filter(one -> flaws(Objects.requireNonNull(one), value).isEmpty())
                          .count()
                  == 1;
          case "allOf" ->
              ((List<?>) wanted)
                  .stream().allMatch(one -> flaws(Objects.requireNonNull(one), value).isEmpty());
          case "properties" -> {
            properties(map(wanted), value, where, flaws);
            yield true;
          }
          case "additionalProperties" ->
              !Boolean.FALSE.equals(wanted)
                  || !(value instanceof Map<?, ?> fields)
                  || map(schema.getOrDefault("properties", Map.of()))
                      .keySet()
                      .containsAll(fields.keySet());
          case "items" -> {
            if (value instanceof List<?> list) {
              list.forEach(one -> check(map(resolve(wanted)), one, where + "[]", flaws));
            }
            yield true;
          }
          default -> NOTES.contains(keyword);
        };
    if (!right) {
      flaws.add(where + " is not " + keyword + " " + wanted + ": " + value);
    }
  }

  private void properties(
      Map<String, Object> properties, @Nullable Object value, String where, List<String> flaws) {
    if (value instanceof Map<?, ?> fields) {
      properties.forEach(
          (name, schema) -> {
            if (fields.containsKey(name)) {
              check(map(resolve(schema)), fields.get(name), where + "." + name, flaws);
            }
          });
    }
  }

  private static boolean same(Object wanted, @Nullable Object value) {
    return value != null && wanted.toString().equals(value.toString());
  }

  private static boolean isA(String type, @Nullable Object value) {
    return switch (type) {
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Long || value instanceof java.math.BigInteger;
      case "boolean" -> value instanceof Boolean;
      default -> false;
    };
  }
}
