import { Emitter } from "/console/emitter.js";

/** Entries kept for a room; the oldest go first. */
const MOST_ENTRIES = 500;

/** Own messages of a room that may be on their way at once and still be told from others'. */
const MOST_UNDERWAY = 200;

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
 * @property {string[]} underway own messages sent, as JSON, that have not come back yet
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
      this.rooms.set(name, { name, status: "joining", unread: 0, entries: [], underway: [] });
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
   * Remembers that a message was sent from here, to know it when it comes back.
   *
   * @param {string} name
   * @param {any} value
   */
  sending(name, value) {
    const underway = this.rooms.get(name)?.underway;
    underway?.push(JSON.stringify(value));
    if (underway && underway.length > MOST_UNDERWAY) {
      underway.shift();
    }
  }

  /**
   * It will not come back.
   *
   * @param {string} name
   * @param {any} value
   * @returns {boolean} whether it had been on its way
   */
  notSent(name, value) {
    const underway = this.rooms.get(name)?.underway ?? [];
    const at = underway.indexOf(JSON.stringify(value));
    if (at >= 0) {
      underway.splice(at, 1);
    }
    return at >= 0;
  }

  /**
   * @param {string} name
   * @param {any} value
   * @param {string} from
   * @param {boolean} seen whether the person is looking
   */
  message(name, value, from, seen) {
    const room = this.rooms.get(name);
    if (!room) {
      return;
    }
    const own = this.notSent(name, value);
    if (!own && !(seen && name === this.shown)) {
      room.unread++;
      this.emit("rooms");
    }
    this.#append(room, { kind: "message", at: Date.now(), value, from, own });
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
