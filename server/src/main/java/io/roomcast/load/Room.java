package io.roomcast.load;

import java.util.ArrayList;
import java.util.List;

/** A room under load: who publishes into it and how many receive that. */
final class Room {
  final int number;
  final String name;
  final int members;

  /** By the publisher's place in this room. */
  final List<Publisher> publishers = new ArrayList<>();

  final List<Flow> flows = new ArrayList<>();

  Room(int number, String name, int members) {
    this.number = number;
    this.name = name;
    this.members = members;
  }
}
