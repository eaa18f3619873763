package io.roomcast.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One fenced block of a page.
 *
 * @param line where it begins, from 1
 * @param kind what stands behind the fence; tells how it is tried
 */
record Snippet(int line, String kind, String text) {
  private static final String FENCE = "```";

  static List<Snippet> of(Path page) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(FENCE)) {
        continue;
      }
      int begin = i++;
      StringBuilder text = new StringBuilder();
      while (i < lines.size() && !lines.get(i).equals(FENCE)) {
        text.append(lines.get(i++)).append('\n');
      }
      if (i == lines.size()) {
        throw new AssertionError(page + ":" + (begin + 1) + ": no end of the block");
      }
      String kind = lines.get(begin).substring(FENCE.length()).strip();
      snippets.add(new Snippet(begin + 1, kind, text.toString()));
    }
    return snippets;
  }
}
