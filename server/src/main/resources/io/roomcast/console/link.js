import { connect } from "/roomcast.js";
import { Emitter } from "/console/emitter.js";

/** An error and a close code that say that a token is needed, or another one. */
const TOKEN_NEEDED = new Set([1401, 4501]);

/** What the server takes somebody out of a room with. */
const REMOVED = { from: 2000, to: 2999 };

/**
 * The page's client and its rooms, as the views see them; with another client when a person has given a token, or asks to
 * connect again.
 *
 * Events: `phase` (a {@link Phase}), `room` ({room, status: "joining"|"joined"|"refused"|"removed", error?}), `message` and
 * `gap` (as the protocol has them), `error`.
 *
 * @typedef {object} Phase
 * @property {"connecting"|"connected"|"waiting"|"unauthorized"|"closed"} name
 * @property {string} [text] why, in words
 * @property {number} [retryAt] with "waiting": ms since the epoch
 */
export class Link extends Emitter {
  #identity;
  #client;
  /** The rooms to be in. */
  #wanted = new Set();

  /** @param {{name?: string, token?: string}} identity */
  constructor(identity) {
    super();
    this.#identity = identity;
  }

  /** Does not wait any longer. */
  retry() {
    if (this.#client?.state === "closed") {
      this.open();
    } else {
      this.#client?.wake();
    }
  }

  /** Begins with a client of its own. */
  open() {
    this.#client?.close();
    const { name, token } = this.#identity;
    const client = connect(undefined, { name: name || undefined, token: token || undefined });
    this.#client = client;
    client.on("state", () => client === this.#client && this.#show());
    client.on("error", (error) => this.emit("error", error));
    client.on("room", (room) => this.#taken(room));
    this.#show();
    for (const room of this.#wanted) {
      this.#joinNow(room);
    }
  }

  /** @param {{name?: string, token?: string}} identity what is left out stays as it is */
  identify(identity) {
    Object.assign(this.#identity, identity);
    if (identity.token || !this.#client) {
      this.open();
    } else {
      this.#client.identify({ name: this.#identity.name || undefined });
    }
  }

  /** @param {string} room */
  join(room) {
    this.#wanted.add(room);
    this.#joinNow(room);
  }

  /** @param {string} room */
  leave(room) {
    this.#wanted.delete(room);
    this.#client?.room(room).leave();
  }

  /**
   * @param {string} room
   * @param {any} message any JSON value
   * @returns {Promise<any>} when the server has it; waits for a connection
   */
  send(room, message) {
    return this.#client.room(room).send(message);
  }

  get connected() {
    return this.#client?.state === "connected";
  }

  #show() {
    const { state, error, retryAt } = this.#client;
    const name = state === "closed" && TOKEN_NEEDED.has(error.code) ? "unauthorized" : state;
    this.emit("phase", { name, text: error?.message, retryAt });
  }

  #joinNow(name) {
    if (this.#client && this.#client.state !== "closed") {
      const room = this.#client.room(name);
      if (room.state === "left") {
        this.#follow(room);
        room.join().catch(() => {}); // Told by its state.
      }
    }
  }

  /** The server has let us in without being asked. */
  #taken(room) {
    if (!this.#wanted.has(room.name)) {
      this.#wanted.add(room.name);
      this.#follow(room);
    }
  }

  /** Tells what happens in a room, until it is left. */
  #follow(room) {
    const client = this.#client;
    const current = (then) => (event) => client === this.#client && then(event);
    const offs = [
      room.on("message", current((message) => this.emit("message", message))),
      room.on("gap", current((gap) => this.emit("gap", gap))),
      room.on("state", current(({ state, error }) => {
        if (state === "left") {
          offs.forEach((off) => off());
        }
        this.#tell(room.name, state, error);
      })),
    ];
    this.#tell(room.name, room.state === "left" ? "joining" : room.state);
  }

  /** A client that is closed says so itself. */
  #tell(room, state, error) {
    if (state !== "left") {
      this.emit("room", { room, status: state });
    } else if (error && this.#client.state !== "closed") {
      this.#wanted.delete(room);
      const removed = error.code >= REMOVED.from && error.code <= REMOVED.to;
      this.emit("room", { room, status: removed ? "removed" : "refused", error });
    } else if (error) {
      this.emit("room", { room, status: "joining" });
    }
  }
}
