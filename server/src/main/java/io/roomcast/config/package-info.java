/**
 * What can be set: the table of settings, where their values come from, and what they come to as
 * one immutable record.
 */
@org.jspecify.annotations.NullMarked
package io.roomcast.config;
