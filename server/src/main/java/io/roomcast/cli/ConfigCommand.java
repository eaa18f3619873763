package io.roomcast.cli;

import io.roomcast.Roomcast;
import io.roomcast.config.ConfigPages;
import io.roomcast.config.RuleReader;
import io.roomcast.config.RuleWords;
import io.roomcast.config.Setting;
import io.roomcast.config.Settings;
import io.roomcast.protocol.RoomName;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Rules;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roomcast config}: writes, checks and shows settings. */
@Command(
    name = "config",
    description = "Write, check and show the settings of a server.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ConfigCommand.Init.class,
      ConfigCommand.Check.class,
      ConfigCommand.Print.class,
      ConfigCommand.Explain.class,
      ConfigCommand.Page.class
    })
final class ConfigCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected init, check, print or explain behind config");
  }

  private static void print(CommandSpec spec, String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  /** The settings as {@code serve} would have them; what is wrong with them ends the command. */
  private static Settings settings(CommandSpec spec) {
    try {
      return SettingFlags.sources(spec).read();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** {@code roomcast config init}. */
  @Command(
      name = "init",
      description = "Write a file with every setting, its meaning and its default.",
      mixinStandardHelpOptions = true)
  static final class Init implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        defaultValue = "",
        description = "Where to; must not be there yet. Without it, to standard output.")
    private String file = "";

    @Override
    public Integer call() throws IOException {
      if (file.isEmpty()) {
        print(spec, ConfigPages.file());
        return 0;
      }
      try {
        Files.writeString(Path.of(file), ConfigPages.file(), StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        throw new IOException(file + " is there already, and is left as it is", e);
      }
      return 0;
    }
  }

  /** {@code roomcast config check}. */
  @Command(
      name = "check",
      description = "Read the settings as serve would, and say what is wrong.",
      mixinStandardHelpOptions = true,
      modelTransformer = SettingFlags.class)
  static final class Check implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() {
      Settings settings = settings(spec);
      try {
        Roomcast.check(Roomcast.builder().settings(settings).config());
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
      print(spec, "The settings are good.\n");
      return 0;
    }
  }

  /** {@code roomcast config print}. */
  @Command(
      name = "print",
      description = "Show every setting and where it comes from, without secrets.",
      mixinStandardHelpOptions = true,
      modelTransformer = SettingFlags.class)
  static final class Print implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(names = "--changed", description = "Leave out what has its default.")
    private boolean changed;

    @Override
    public Integer call() {
      print(spec, ConfigPages.print(settings(spec), !changed));
      return 0;
    }
  }

  /** {@code roomcast config explain}. */
  @Command(
      name = "explain",
      description = "Tell which configured rule holds for a room, and what it allows.",
      mixinStandardHelpOptions = true,
      modelTransformer = SettingFlags.class)
  static final class Explain implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Parameters(paramLabel = "ROOM", description = "The room's name.")
    private String room = "";

    @Override
    public Integer call() {
      String flaw = RoomName.flaw(room);
      if (!flaw.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "room " + flaw);
      }
      Settings settings = settings(spec);
      Rulebook book;
      try {
        book = RuleReader.book(settings.list(Setting.RULES));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
      print(spec, explain(book, settings.value(Setting.RULES).source()));
      return 0;
    }

    private String explain(Rulebook book, String source) {
      StringBuilder text = new StringBuilder();
      List<Rulebook.Entry> matching = book.matching(room);
      if (matching.isEmpty()) {
        text.append("No rule speaks of ").append(room).append(": the defaults hold.\n");
      } else {
        Rulebook.Entry holding = matching.getFirst();
        text.append("The rule for ").append(holding.pattern()).append(" holds (").append(source);
        text.append(").\n");
        matching.stream()
            .skip(1)
            .forEach(entry -> text.append("Passed over: ").append(entry.pattern()).append('\n'));
      }
      Rules rules = book.of(room);
      List<String> presets = RuleWords.of(Rules.DEFAULT);
      for (String word : RuleWords.of(rules)) {
        text.append("  ").append(word).append(presets.contains(word) ? "  (default)\n" : "\n");
      }
      return text.toString();
    }
  }

  /** {@code roomcast config page}: writes the page of the documentation. */
  @Command(name = "page", hidden = true)
  static final class Page implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() {
      print(spec, ConfigPages.page());
      return 0;
    }
  }
}
