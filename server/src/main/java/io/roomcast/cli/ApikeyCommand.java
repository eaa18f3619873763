package io.roomcast.cli;

import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roomcast apikey}: makes a key for the server API, and the line that a server needs. */
@Command(
    name = "apikey",
    description = "Make a key for the server API, and the line by which a server knows it.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ApikeyCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "backend",
      description = "Tells this key from others, for people.")
  private String name = "";

  @Option(
      names = "--scopes",
      paramLabel = "SCOPE",
      split = ",",
      defaultValue = "publish,read,control",
      description = "What it may be used for: publish, read, control, admin; with commas.")
  private List<String> scopes = List.of();

  @Override
  public Integer call() {
    String key = ApiKeys.generate();
    String line;
    try {
      Set<Scope> allowed = EnumSet.noneOf(Scope.class);
      scopes.forEach(word -> allowed.add(Scope.of(word.trim())));
      line = ApiKeys.line(name, allowed, key);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("key     " + key);
    out.println("server  " + line);
    out.flush();
    return 0;
  }
}
