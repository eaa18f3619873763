package io.roomcast.room;

/**
 * What presence has done on this node.
 *
 * @param users who are in a room by this node now: once for each room
 * @param joined events that rooms with members here were told
 * @param left the same of those who went
 * @param failed statements that could not be made at once, and were made again later
 */
public record PresenceCounts(int users, long joined, long left, long failed) {}
