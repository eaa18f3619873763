package io.roomcast.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Whatever an operator writes is a setting or a rule, or is refused in words. */
class ConfigFuzzTest {
  @FuzzTest
  void rules(byte[] lines) {
    try {
      RuleReader.book(List.of(new String(lines, UTF_8).split("\n", -1))).of("room1");
    } catch (IllegalArgumentException e) {
      // The rule, or the room or pattern that it is for.
      if (!String.valueOf(e.getMessage()).contains("\"")) {
        throw new AssertionError("does not say which rule", e);
      }
    }
  }

  @FuzzTest
  void files(byte[] yaml) {
    for (String flaw : ConfigFile.of("a.yaml", new String(yaml, UTF_8)).flaws()) {
      if (!flaw.startsWith("a.yaml")) {
        throw new AssertionError("does not say where: " + flaw);
      }
    }
  }
}
