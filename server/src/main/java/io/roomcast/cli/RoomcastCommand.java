package io.roomcast.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code roomcast}: has only its subcommands. */
@Command(
    name = "roomcast",
    description = "Room-based real-time messaging over WebSocket.",
    mixinStandardHelpOptions = true,
    versionProvider = RoomcastCommand.Version.class,
    subcommands = {
      ServeCommand.class,
      SubCommand.class,
      PubCommand.class,
      TokenCommand.class,
      RehearseCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    })
public final class RoomcastCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  /** Runs a command line; gives its exit code. */
  public static int run(String... args) {
    return new CommandLine(new RoomcastCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              // A person gets the reason, not the stack.
              command.getErr().println("roomcast: " + reason(failure));
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(args);
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is needed, such as: roomcast serve");
  }

  /** The version the jar was built as. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"roomcast " + number()};
    }

    static String number() {
      String version = RoomcastCommand.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }
}
