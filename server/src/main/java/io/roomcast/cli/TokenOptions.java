package io.roomcast.cli;

import io.roomcast.config.TokenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The flags by which {@code roomcast token} is told the keys, called as those of a server. */
final class TokenOptions {
  @Option(
      names = "--token-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:ROOMCAST_TOKEN_SECRET:-}",
      showDefaultValue = Visibility.NEVER,
      description =
          "The server's secret; better given as ROOMCAST_TOKEN_SECRET, since others can see a"
              + " command line.")
  private String secret = "";

  @Option(
      names = "--token-secret-file",
      paramLabel = "FILE",
      defaultValue = "${env:ROOMCAST_TOKEN_SECRET_FILE:-}",
      showDefaultValue = Visibility.NEVER,
      description = "The same from a file (ROOMCAST_TOKEN_SECRET_FILE).")
  private String secretFile = "";

  @Option(
      names = "--token-key",
      paramLabel = "FILE",
      split = ",",
      defaultValue = "${env:ROOMCAST_TOKEN_KEYS:-}",
      showDefaultValue = Visibility.NEVER,
      description =
          "Check with the public keys in this file, PEM or a JSON Web Key (Set); may be repeated"
              + " (ROOMCAST_TOKEN_KEYS, with commas).")
  private List<String> keyFiles = List.of();

  @Option(
      names = "--token-jwks",
      paramLabel = "URL",
      defaultValue = "${env:ROOMCAST_TOKEN_JWKS:-}",
      showDefaultValue = Visibility.NEVER,
      description = "Check tokens with the JSON Web Key Set at this address (ROOMCAST_TOKEN_JWKS).")
  private String keysUrl = "";

  @Option(
      names = "--token-issuer",
      paramLabel = "TEXT",
      defaultValue = "${env:ROOMCAST_TOKEN_ISSUER:-}",
      showDefaultValue = Visibility.NEVER,
      description = "What a token's iss must be (ROOMCAST_TOKEN_ISSUER).")
  private String issuer = "";

  @Option(
      names = "--token-audience",
      paramLabel = "TEXT",
      defaultValue = "${env:ROOMCAST_TOKEN_AUDIENCE:-}",
      showDefaultValue = Visibility.NEVER,
      description = "What a token's aud must be, or have (ROOMCAST_TOKEN_AUDIENCE).")
  private String audience = "";

  /** Throws IllegalArgumentException when the file with it cannot be read. */
  String secret() {
    if (!secret.isEmpty() || secretFile.isEmpty()) {
      return secret;
    }
    try {
      return Files.readString(Path.of(secretFile)).strip();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException("cannot read the token secret from " + secretFile, e);
    }
  }

  String issuer() {
    return issuer;
  }

  String audience() {
    return audience;
  }

  /** Throws IllegalArgumentException when it cannot work. */
  TokenConfig config() {
    List<String> files = keyFiles.stream().filter(file -> !file.isBlank()).toList();
    return new TokenConfig(secret(), files, keysUrl, issuer, audience, false).check();
  }
}
