package io.roomcast.client;

/**
 * How many are in a room.
 *
 * @param count users
 * @param sessions of all users together
 */
public record PresenceCounts(long count, long sessions) {}
