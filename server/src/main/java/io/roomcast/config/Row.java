package io.roomcast.config;

/**
 * One line of the table of settings.
 *
 * @param key its name in the file
 * @param preset the default as it would be written; empty where there is none
 * @param example a value that differs from the default
 * @param meaning for people
 */
record Row(Group group, String key, Kind kind, String preset, String example, String meaning) {}
