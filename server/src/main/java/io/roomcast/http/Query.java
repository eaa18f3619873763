package io.roomcast.http;

/** Reads parameters of a request. */
final class Query {
  private Query() {}

  /**
   * A parameter that is a whole number from 1.
   *
   * @param otherwise what it is when it is not there
   * @param most what it is at most
   */
  static long whole(Target target, String name, long otherwise, long most) throws Problem {
    String text = target.query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    throw Problem.invalidField(
        name + " must be a number from 1" + (most == Long.MAX_VALUE ? "" : " to " + most));
  }
}
