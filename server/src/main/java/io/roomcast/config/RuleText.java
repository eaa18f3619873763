package io.roomcast.config;

import io.roomcast.room.Rulebook;
import io.roomcast.room.Ruling;
import java.util.List;

/** Rules as people write them, for a server with these settings. */
public record RuleText(ServerConfig config) implements Ruling.Text {
  @Override
  public Rulebook read(List<String> lines) {
    return config.check(RuleReader.book(lines));
  }

  @Override
  public List<String> write(Rulebook book) {
    return book.entries().stream()
        .map(entry -> entry.pattern() + " " + String.join(" ", RuleWords.of(entry.rules())))
        .toList();
  }
}
