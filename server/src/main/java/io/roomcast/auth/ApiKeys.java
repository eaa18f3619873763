package io.roomcast.auth;

import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Keyring;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * API keys as a server is given them: a line {@code NAME:SCOPES:SHA-256} for each, so that who
 * reads the configuration has no key. A key is 256 random bits, which no hash needs to be slow for.
 *
 * <p>Immutable.
 */
public final class ApiKeys implements Keyring {
  private static final int KEY_BYTES = 32;
  private static final Pattern LINE =
      Pattern.compile("([A-Za-z0-9._-]{1,64}):([a-z,]+):([0-9a-f]{64})");
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Entry(Grant grant, byte[] hash) {}

  private final List<Entry> entries;

  private ApiKeys(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads the lines.
   *
   * @throws IllegalArgumentException saying which line is wrong, and why
   */
  public static ApiKeys of(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Entry entry = entry(i + 1, lines.get(i).trim());
      if (entries.stream().anyMatch(other -> Arrays.equals(other.hash(), entry.hash()))) {
        throw new IllegalArgumentException("API key " + (i + 1) + " is there twice");
      }
      entries.add(entry);
    }
    return new ApiKeys(entries);
  }

  /** The line is not repeated in what is thrown: it may be a key that somebody put there. */
  private static Entry entry(int number, String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "API key "
              + number
              + " must be NAME:SCOPES:HASH, as roomcast apikey prints it, such as"
              + " backend:publish,read:5f2c… (64 hexadecimal digits)");
    }
    try {
      Set<Scope> scopes =
          Arrays.stream(parts.group(2).split(",", -1))
              .map(Scope::of)
              .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
      return new Entry(new Grant(parts.group(1), scopes), HexFormat.of().parseHex(parts.group(3)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("API key " + number + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public Grant check(String key) throws Refused {
    if (key.length() > WireLimits.TOKEN_CHARS) {
      throw new Refused("the API key is not known to this server");
    }
    byte[] hash = hash(key);
    Grant found = null;
    // All of them, whichever it is: how long it takes says nothing.
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(hash, entry.hash())) {
        found = entry.grant();
      }
    }
    if (found == null) {
      throw new Refused("the API key is not known to this server");
    }
    return found;
  }

  /** Makes a new key. */
  public static String generate() {
    byte[] bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * The line that lets a server know a key.
   *
   * @throws IllegalArgumentException when the name cannot be one, or there are no scopes
   */
  public static String line(String name, Set<Scope> scopes, String key) {
    String words = scopes.stream().sorted().map(Scope::word).collect(Collectors.joining(","));
    String line = name + ":" + words + ":" + HexFormat.of().formatHex(hash(key));
    if (!LINE.matcher(line).matches()) {
      throw new IllegalArgumentException(
          "a key needs a name of 1 to 64 letters, digits, '.', '_' and '-', and a scope");
    }
    return line;
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
