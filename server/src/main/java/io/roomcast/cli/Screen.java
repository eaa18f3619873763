package io.roomcast.cli;

import io.roomcast.client.Gap;
import io.roomcast.client.Message;
import io.roomcast.client.PresenceChange;
import io.roomcast.client.Removed;
import io.roomcast.client.RoomEvent;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Help.Ansi;

/** How events are shown: for a person, or as lines of JSON. */
final class Screen {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  private final PrintWriter out;
  private final boolean person;
  private final boolean coloured;

  Screen(PrintWriter out, boolean person, boolean coloured) {
    this.out = out;
    this.person = person;
    this.coloured = coloured;
  }

  /** For whoever is at the other end of the standard output. */
  @SuppressWarnings("SystemConsoleNull") // Main asks for the answer that older JDKs give.
  static Screen of(PrintWriter out, boolean json) {
    return new Screen(out, !json && System.console() != null, Ansi.AUTO.enabled());
  }

  boolean forPerson() {
    return person;
  }

  /** Prints it; whether somebody may still read it. */
  boolean print(RoomEvent event) {
    out.println(person ? line(event) : event.json().replace("\n", " "));
    out.flush();
    return !out.checkError() && !System.out.checkError();
  }

  private String line(RoomEvent event) {
    String room = styled(Ansi.Style.fg_cyan, event.room()) + "  ";
    return switch (event) {
      case Message message -> time(message.time()) + room + said(message);
      case Gap gap ->
          room + styled(Ansi.Style.fg_yellow, missing(gap.skipped()) + " (" + gap.reason() + ")");
      case PresenceChange change ->
          room
              + styled(Ansi.Style.bold, change.user())
              + (change.here() ? "  is here" : "  is gone");
      case Removed removed ->
          room + styled(Ansi.Style.fg_red, "removed: " + removed.code() + " " + removed.text());
    };
  }

  private static String missing(long messages) {
    return messages == 0 ? "some messages may be missing" : messages + " messages are missing";
  }

  private String said(Message message) {
    String from = message.from();
    return (from.isEmpty() ? "" : styled(Ansi.Style.bold, from) + "  ") + printable(message.text());
  }

  private String time(long millis) {
    return millis == 0
        ? ""
        : styled(Ansi.Style.faint, CLOCK.format(Instant.ofEpochMilli(millis))) + "  ";
  }

  private String styled(Ansi.Style style, String text) {
    String safe = printable(text);
    return coloured ? style.on() + safe + Ansi.Style.reset.on() : safe;
  }

  /** What others wrote must not steer this terminal. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '\ufffd' : c));
    return out.toString();
  }
}
