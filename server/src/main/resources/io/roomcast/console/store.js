import { Emitter } from "/console/emitter.js";

/** Entries kept for a room; the oldest go first. */
const MOST_ENTRIES = 500;

/**
 * @typedef {object} Entry one thing that happened in a room
 * @property {"message"|"gap"|"note"|"problem"} kind
 * @property {number} at when it came in, ms since the epoch
 * @property {any} [value] of a message: the JSON value
 * @property {string} [from] of a message: the sender, or empty
 * @property {boolean} [own] of a message: whether it was sent from here
 * @property {string} [text] of all others
 *
 * @typedef {object} Room
 * @property {string} name
 * @property {"joining"|"joined"|"refused"|"removed"} status
 * @property {number} unread
 * @property {Entry[]} entries
 */

/**
 * What is known: the rooms, what happened in them, and which one is shown. Holds no element and no
 * socket.
 *
 * Events: `rooms` (something about the list changed), `shown` (another room is shown, or none),
 * `entry` ({room, entry}).
 */
export class Store extends Emitter {
  /** @type {Map<string, Room>} */
  rooms = new Map();
  /** The name of the room that is shown; empty for none. */
  shown = "";

  /** @returns {Room|undefined} */
  get shownRoom() {
    return this.rooms.get(this.shown);
  }

  /** @returns {number} unread messages in all rooms */
  get unread() {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  }

  /** @param {string} name */
  add(name) {
    if (!this.rooms.has(name)) {
      this.rooms.set(name, { name, status: "joining", unread: 0, entries: [] });
      this.emit("rooms");
    }
  }

  /** @param {string} name */
  remove(name) {
    const names = [...this.rooms.keys()];
    const at = names.indexOf(name);
    if (this.rooms.delete(name)) {
      this.emit("rooms");
      if (name === this.shown) {
        this.show(names[at + 1] ?? names[at - 1] ?? "");
      }
    }
  }

  /** @param {string} name a room that was added, or empty */
  show(name) {
    this.shown = name;
    this.read();
    this.emit("shown");
  }

  /** The person has seen the room that is shown. */
  read() {
    const room = this.shownRoom;
    if (room) {
      room.unread = 0;
    }
    this.emit("rooms");
  }

  /**
   * @param {string} name
   * @param {Room["status"]} status
   */
  setStatus(name, status) {
    const room = this.rooms.get(name);
    if (room) {
      room.status = status;
      this.emit("rooms");
    }
  }

  /**
   * @param {string} name
   * @param {{value: any, from: string, own: boolean}} message
   * @param {boolean} seen whether the person is looking
   */
  message(name, message, seen) {
    const room = this.rooms.get(name);
    if (!room) {
      return;
    }
    if (!message.own && !(seen && name === this.shown)) {
      room.unread++;
      this.emit("rooms");
    }
    this.#append(room, { kind: "message", at: Date.now(), ...message });
  }

  /**
   * Puts a line of our own among a room's messages.
   *
   * @param {string} name
   * @param {"gap"|"note"|"problem"} kind
   * @param {string} text
   */
  remark(name, kind, text) {
    const room = this.rooms.get(name);
    if (room) {
      this.#append(room, { kind, at: Date.now(), text });
    }
  }

  /**
   * @param {Room} room
   * @param {Entry} entry
   */
  #append(room, entry) {
    room.entries.push(entry);
    if (room.entries.length > MOST_ENTRIES) {
      room.entries.shift();
    }
    this.emit("entry", { room: room.name, entry });
  }
}
