package io.roomcast.cli;

import io.roomcast.Authenticators;
import io.roomcast.auth.TokenMaker;
import io.roomcast.config.TokenConfig;
import io.roomcast.protocol.Json;
import io.roomcast.room.Action;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Authenticator.Verdict;
import io.roomcast.room.Grants;
import io.roomcast.room.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roomcast token}: makes a token, or says what is in one. */
@Command(
    name = "token",
    description = "Make a token for a user, or check one as a server with the same flags would.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class TokenCommand implements Callable<Integer> {
  private static final int PATIENCE_SECONDS = 15;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(
      names = "--user",
      paramLabel = "USER",
      defaultValue = "",
      showDefaultValue = Visibility.NEVER,
      description = "Whom it speaks for; without it, nobody in particular.")
  private String user = "";

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long it is good.")
  private long minutes;

  @Option(
      names = "--room",
      paramLabel = "ROOM=WORDS",
      description =
          "What it allows in a room, or in rooms whose names begin so, such as 'news:*=join,history'"
              + " (join, send, members, history); may be repeated.")
  private List<String> rooms = List.of();

  @Option(
      names = "--info",
      paramLabel = "JSON",
      defaultValue = "",
      showDefaultValue = Visibility.NEVER,
      description = "What others may know of the user.")
  private String info = "";

  @Option(
      names = "--sign-with",
      paramLabel = "FILE",
      defaultValue = "",
      showDefaultValue = Visibility.NEVER,
      description = "Sign with the private key in this file, PEM or a JSON Web Key.")
  private String signWith = "";

  @Option(
      names = "--check",
      paramLabel = "TOKEN",
      defaultValue = "",
      showDefaultValue = Visibility.NEVER,
      description =
          "Say whom this token speaks for and until when, instead of making one; - reads it from the"
              + " standard input.")
  private String check = "";

  @Mixin
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private TokenOptions tokens;

  @Override
  public Integer call() throws Refused, InterruptedException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (check.isEmpty()) {
        out.println(make());
      } else {
        tell(checked(tokens.config()), out);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    out.flush();
    return 0;
  }

  private String make() throws IOException {
    if (minutes < 1 || minutes > Duration.ofDays(3650).toMinutes()) {
      throw new IllegalArgumentException("minutes must be 1 to 5256000");
    }
    if (signWith.isEmpty() && tokens.secret().isEmpty()) {
      throw new IllegalArgumentException(
          "a key to sign with is needed: ROOMCAST_TOKEN_SECRET, --token-secret or --sign-with");
    }
    byte[] json = info.getBytes(StandardCharsets.UTF_8);
    if (!info.isEmpty() && !Json.isValue(json, 0, json.length)) {
      throw new IllegalArgumentException("--info must be one JSON value");
    }
    TokenMaker maker =
        signWith.isEmpty()
            ? TokenMaker.withSecret(tokens.secret(), Time.SYSTEM)
            : TokenMaker.withKey(Files.readString(Path.of(signWith)), Time.SYSTEM);
    return maker.make(
        new TokenMaker.Draft(
            user,
            Duration.ofMinutes(minutes),
            tokens.issuer(),
            tokens.audience(),
            info,
            new Grants(grants())));
  }

  private Map<String, Set<Action>> grants() {
    Map<String, Set<Action>> grants = new HashMap<>();
    for (String room : rooms) {
      int equals = room.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--room must be ROOM=WORDS, not \"" + room + "\"");
      }
      Set<Action> actions = EnumSet.noneOf(Action.class);
      for (String word : room.substring(equals + 1).split(",", -1)) {
        actions.add(
            Action.of(word)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "--room may have the words " + Action.words() + ", not " + word)));
      }
      grants.put(room.substring(0, equals), actions);
    }
    return grants;
  }

  private Identity checked(TokenConfig config) throws Refused, InterruptedException, IOException {
    if (!config.any()) {
      throw new IllegalArgumentException(
          "the server's key is needed: ROOMCAST_TOKEN_SECRET, --token-secret, --token-key or"
              + " --token-jwks");
    }
    Authenticator authenticator = Authenticators.of(config, Time.SYSTEM);
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    authenticator.check(check.equals("-") ? read() : check, verdict::complete);
    try {
      return switch (verdict.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        case Identity identity -> identity;
        case Refused no -> throw no;
      };
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the keys did not come in time", e);
    }
  }

  private static String read() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line.strip();
  }

  private static void tell(Identity identity, PrintWriter out) {
    out.println("user    " + (identity.user().isEmpty() ? "(none)" : identity.user()));
    out.println("until   " + Instant.ofEpochMilli(identity.expiresMillis()));
    if (!identity.tokenId().isEmpty()) {
      out.println("id      " + identity.tokenId());
    }
    if (!identity.info().isEmpty()) {
      out.println("info    " + identity.info());
    }
    new TreeMap<>(identity.grants().rooms())
        .forEach(
            (room, actions) ->
                out.println(
                    "room    "
                        + room
                        + " "
                        + actions.stream()
                            .sorted()
                            .map(Action::word)
                            .collect(Collectors.joining(","))));
  }
}
