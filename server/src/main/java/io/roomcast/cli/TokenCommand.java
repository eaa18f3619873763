package io.roomcast.cli;

import io.roomcast.auth.Tokens;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Time;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roomcast token}: makes a token, or says what is in one. */
@Command(
    name = "token",
    description = "Make a token for a user, or check one.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class TokenCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(
      names = "--token-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:ROOMCAST_TOKEN_SECRET:-}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "The server's secret (ROOMCAST_TOKEN_SECRET).")
  private String secret = "";

  @Option(
      names = "--user",
      paramLabel = "USER",
      defaultValue = "",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "Whom it speaks for; without it, nobody in particular.")
  private String user = "";

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long it is good.")
  private long minutes;

  @Option(
      names = "--check",
      paramLabel = "TOKEN",
      defaultValue = "",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "Say whom this token speaks for and until when, instead of making one.")
  private String check = "";

  @Override
  public Integer call() throws Authenticator.Refused {
    if (minutes < 1 || minutes > Duration.ofDays(3650).toMinutes()) {
      throw new ParameterException(spec.commandLine(), "minutes must be 1 to 5256000");
    }
    if (secret.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "the server's secret is needed: ROOMCAST_TOKEN_SECRET or --token-secret");
    }
    Tokens tokens;
    try {
      tokens = new Tokens(secret, Time.SYSTEM);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (check.isEmpty()) {
      out.println(tokens.issue(user, Duration.ofMinutes(minutes)));
    } else {
      Authenticator.Identity identity = tokens.check(check);
      out.println("user    " + (identity.user().isEmpty() ? "(none)" : identity.user()));
      out.println("until   " + Instant.ofEpochMilli(identity.expiresMillis()));
    }
    out.flush();
    return 0;
  }
}
