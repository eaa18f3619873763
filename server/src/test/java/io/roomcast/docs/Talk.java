package io.roomcast.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the pages write it: {@code →} is said by the client, {@code ←} must come, those
 * between two of the client's in any order. A line that says {@code (connected again)} begins a new
 * connection. Times are any time; an epoch, a session and a node are bound to what first comes.
 */
final class Talk {
  private static final Pattern MADE =
      Pattern.compile("\"(epoch|session|node)\":\"([^\"]*)\"|\"(time|since|until)\":(\\d+)");

  private final int port;
  private final Map<String, String> bound = new HashMap<>();

  Talk(int port) {
    this.port = port;
  }

  void play(String text) throws IOException {
    @Nullable RawWebSocket socket = null;
    try {
      List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (socket == null || line.equals("(connected again)")) {
          if (socket != null) {
            socket.close();
          }
          socket = RawWebSocket.open(port);
        }
        if (line.startsWith("→ ")) {
          socket.say(known(line.substring(2)));
        } else if (line.startsWith("← ")) {
          List<String> wanted = new ArrayList<>();
          while (i < lines.size() && lines.get(i).startsWith("← ")) {
            wanted.add(lines.get(i++).substring(2));
          }
          i--;
          hear(socket, wanted);
        } else if (!line.equals("(connected again)")) {
          throw new AssertionError("neither → nor ←: " + line);
        }
      }
    } finally {
      if (socket != null) {
        socket.close();
      }
    }
  }

  private void hear(RawWebSocket socket, List<String> wanted) throws IOException {
    List<String> open = new ArrayList<>(wanted);
    while (!open.isEmpty()) {
      String heard = socket.hear();
      String match =
          open.stream()
              .filter(written -> shape(written).equals(shape(heard)))
              .findFirst()
              .orElse(null);
      assertThat(match).as("%s is none of %s", heard, open).isNotNull();
      if (match != null) {
        open.remove(match);
        bind(match, heard);
      }
    }
  }

  /** Without what differs from one run to the next. */
  private static String shape(String json) {
    return MADE.matcher(json).replaceAll(m -> m.group(1) == null ? m.group(3) : m.group(1));
  }

  private void bind(String written, String heard) {
    Matcher theirs = MADE.matcher(heard);
    Matcher ours = MADE.matcher(written);
    while (ours.find() && theirs.find()) {
      if (ours.group(2) != null) {
        assertThat(bound.computeIfAbsent(ours.group(2), w -> theirs.group(2)))
            .as("the same %s as before", ours.group(1))
            .isEqualTo(theirs.group(2));
      }
    }
  }

  private String known(String said) {
    String text = said;
    for (Map.Entry<String, String> entry : bound.entrySet()) {
      text = text.replace("\"" + entry.getKey() + "\"", "\"" + entry.getValue() + "\"");
    }
    return text;
  }
}
