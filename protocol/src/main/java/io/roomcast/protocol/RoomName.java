package io.roomcast.protocol;

/** What a room may be called: 1 to 200 bytes of UTF-8 without control characters. */
public final class RoomName {
  private RoomName() {}

  /**
   * Checks a name.
   *
   * @return what is wrong with it, as the end of a sentence that begins with the field's name;
   *     empty when nothing is
   */
  public static String flaw(String name) {
    if (name.isEmpty()) {
      return "must not be empty";
    }
    int bytes = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029) {
        return "must not contain control characters";
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < name.length()
                && Character.isLowSurrogate(name.charAt(i + 1));
        if (!pair) {
          return "must be valid Unicode, without a lone surrogate";
        }
        i++;
        bytes += 4;
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    return bytes <= WireLimits.ROOM_BYTES
        ? ""
        : "must be at most " + WireLimits.ROOM_BYTES + " bytes of UTF-8";
  }
}
