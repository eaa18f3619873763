package io.roomcast.load;

/** Fields of the server's answers, which are flat JSON without blanks. */
final class Texts {
  private Texts() {}

  /** A number, wherever it stands. */
  static long number(String text, String field, long otherwise) {
    int at = text.indexOf("\"" + field + "\":");
    if (at < 0) {
      return otherwise;
    }
    int from = at + field.length() + 3;
    int to = from;
    while (to < text.length() && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return to == from ? otherwise : Long.parseLong(text.substring(from, to));
  }

  /** A text without anything escaped in it; empty when there is none. */
  static String string(String text, String field) {
    int at = text.indexOf("\"" + field + "\":\"");
    if (at < 0) {
      return "";
    }
    int from = at + field.length() + 4;
    return text.substring(from, text.indexOf('"', from));
  }

  static boolean is(String text, String type) {
    return text.startsWith("{\"type\":\"" + type + "\"");
  }
}
