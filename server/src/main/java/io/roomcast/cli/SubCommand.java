package io.roomcast.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roomcast sub}: joins rooms and prints what is sent to them. */
@Command(
    name = "sub",
    description = {
      "Join rooms and print what is sent to them, until the connection ends.",
      "On a terminal: room, sender and message. Otherwise: each event as a line of JSON."
    },
    mixinStandardHelpOptions = true)
final class SubCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Lines of JSON also on a terminal.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "ROOM", description = "Rooms to join.")
  private List<String> rooms = List.of();

  @Override
  public Integer call() throws LinkException {
    PrintWriter out = spec.commandLine().getOut();
    boolean person = !json && onTerminal();
    try (Link link = server.connect()) {
      for (String room : rooms) {
        link.request("SUBSCRIBE", "room", room);
      }
      if (person) {
        out.println("Joined " + String.join(", ", rooms) + ". Stop with Ctrl-C.");
        out.flush();
      }
      while (true) {
        WireEvent event = link.take();
        if (event.type().equals(WireEvent.CLOSED)) {
          throw new LinkException(event.text());
        }
        out.println(person ? forPerson(event) : event.raw().replace("\n", " "));
        out.flush();
        if (out.checkError() || System.out.checkError()) {
          // Whoever read it has had enough, as head does.
          return 0;
        }
      }
    }
  }

  @SuppressWarnings("SystemConsoleNull") // Main asks for the answer that older JDKs give.
  private static boolean onTerminal() {
    return System.console() != null;
  }

  private static String forPerson(WireEvent event) {
    return switch (event.type()) {
      case "message" ->
          styled(Ansi.Style.fg_cyan, event.room())
              + "  "
              + (event.from().isEmpty() ? "" : styled(Ansi.Style.bold, event.from()) + "  ")
              + printable(event.message());
      case "gap" -> styled(Ansi.Style.fg_yellow, event.room() + "  some messages may be missing");
      default -> printable(event.raw());
    };
  }

  private static String styled(Ansi.Style style, String text) {
    String safe = printable(text);
    return Ansi.AUTO.enabled() ? style.on() + safe + Ansi.Style.reset.on() : safe;
  }

  /** What others wrote must not steer this terminal. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '\ufffd' : c));
    return out.toString();
  }
}
