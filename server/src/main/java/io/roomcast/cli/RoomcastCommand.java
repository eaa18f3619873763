package io.roomcast.cli;

import java.util.LinkedHashMap;
import java.util.Map;
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
    versionProvider = RoomcastCommand.Version.class)
public final class RoomcastCommand implements Runnable {
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("serve", ServeCommand.class);
    COMMANDS.put("sub", SubCommand.class);
    COMMANDS.put("pub", PubCommand.class);
    COMMANDS.put("token", TokenCommand.class);
    COMMANDS.put("apikey", ApikeyCommand.class);
    COMMANDS.put("config", ConfigCommand.class);
    COMMANDS.put("rehearse", RehearseCommand.class);
    COMMANDS.put("bench", BenchCommand.class);
    COMMANDS.put("help", CommandLine.HelpCommand.class);
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  /** Runs a command line; gives its exit code. */
  public static int run(String... args) {
    return commandLine(args)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (flaw, unparsed) -> {
              // The reason alone: a page of usage behind it would push it off the screen.
              CommandLine command = flaw.getCommandLine();
              String.valueOf(flaw.getMessage())
                  .lines()
                  .forEach(line -> command.getErr().println("roomcast: " + line));
              command
                  .getErr()
                  .println("See " + command.getCommandSpec().qualifiedName() + " --help");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              // A person gets the reason, not the stack.
              command.getErr().println("roomcast: " + reason(failure));
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(args);
  }

  /**
   * All commands, or only the one that is called: looking into each takes a good part of the time
   * that a server takes to start.
   */
  public static CommandLine commandLine(String... args) {
    CommandLine root = new CommandLine(new RoomcastCommand());
    Class<?> called = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (called == null || called == CommandLine.HelpCommand.class) {
      COMMANDS.forEach((name, command) -> root.addSubcommand(name, new CommandLine(command)));
    } else {
      root.addSubcommand(args[0], new CommandLine(called));
    }
    return root;
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
