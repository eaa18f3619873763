package io.roomcast.config;

import io.roomcast.room.Action;
import io.roomcast.room.Audience;
import io.roomcast.room.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes rules with the words that {@link RuleReader} reads. */
public final class RuleWords {
  private RuleWords() {}

  /** The words, those that say what holds anyway included. */
  public static List<String> of(Rules rules) {
    List<String> words = new ArrayList<>();
    if (rules.log()) {
      words.add("log=" + rules.logSize() + "/" + Quantity.text(rules.logFor()));
    }
    words.add("keys=" + Quantity.text(rules.keyFor()));
    words.add("slow=" + rules.slow().label());
    if (rules.presence()) {
      words.add("presence=" + Quantity.text(rules.grace()));
    }
    if (rules.local()) {
      words.add("local");
    }
    if (rules.size() != Rules.DEFAULT.size()) {
      words.add("size=" + Quantity.text(rules.size()));
    }
    if (rules.rate().limited()) {
      Duration time = Duration.ofMillis(rules.rate().perMillis());
      words.add("rate=" + rules.rate().most() + "/" + Quantity.text(time));
    }
    for (Action action : Action.values()) {
      Audience who = rules.whoMay().of(action);
      if (who != Audience.ADMITTED) {
        words.add(action.word() + "=" + who.word());
      }
    }
    return words;
  }
}
