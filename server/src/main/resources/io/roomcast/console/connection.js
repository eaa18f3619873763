import { delay, isFinal } from "/console/backoff.js";
import { Emitter } from "/console/emitter.js";
import { Refusal, Requests } from "/console/requests.js";

const UNAUTHORIZED = 1401;
const INVALID_TOKEN = 4501;

/** The server's default limit, less what a command has around a message. */
const MOST_BYTES = 63 * 1024;

/** A connection that held this long makes the next delay short again. */
const STABLE_MS = 5_000;

/** A browser does not show WebSocket pings to a page, so silence is probed with our own. */
const QUIET_MS = 25_000;
const PONG_MS = 8_000;

/**
 * @typedef {object} Phase
 * @property {"connecting"|"connected"|"waiting"|"unauthorized"|"closed"} name
 * @property {string} [text] why, in words
 * @property {number} [retryAt] with "waiting": ms since the epoch
 */

/**
 * One lasting link to the server: comes back by itself, and joins its rooms again.
 *
 * Events: `phase` (a {@link Phase}), `room` ({room, status: "joining"|"joined"|"refused"|"removed",
 * error?}), `message` and `gap` (as the protocol has them), `error` (a {@link Refusal}).
 */
export class Connection extends Emitter {
  #url;
  /** @type {{name?: string, token?: string}} */
  #identity;
  /** @type {WebSocket|null} */
  #socket = null;
  #requests = new Requests();
  /** The rooms to be in, each with the time since which it may have missed something, or 0. */
  /** @type {Map<string, {joined: boolean, missingSince: number, failures: number}>} */
  #wanted = new Map();
  /** @type {Phase} */
  #phase = { name: "closed" };
  #failures = 0;
  #connectedAt = 0;
  #heardAt = 0;
  /** @type {any} */
  #farewell = null;
  #retryTimer = 0;
  #probeTimer = 0;

  /**
   * @param {string} url ws: or wss:
   * @param {{name?: string, token?: string}} identity
   */
  constructor(url, identity) {
    super();
    this.#url = url;
    this.#identity = identity;
  }

  get phase() {
    return this.#phase;
  }

  /** Connects now, if it is not connected or about to be. */
  open() {
    clearTimeout(this.#retryTimer);
    if (this.#socket) {
      return;
    }
    this.#enter({ name: "connecting" });
    this.#farewell = null;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#ended(code, reason);
  }

  /** The network or the person is back: do not wait any longer, and check what seems to be there. */
  wake() {
    if (this.#phase.name === "waiting") {
      this.open();
    } else if (this.#phase.name === "connected") {
      this.#probe();
    }
  }

  /**
   * Says who this is, now and whenever it connects.
   *
   * @param {{name?: string, token?: string}} identity what is left out stays as it is
   */
  identify(identity) {
    this.#identity = { ...this.#identity, ...identity };
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#greet();
      return;
    }
    if (this.#socket?.readyState === WebSocket.CLOSING) {
      this.#release();
    }
    if (this.#phase.name !== "closed" || identity.token) {
      this.open();
    }
  }

  /** @param {string} room */
  join(room) {
    if (!this.#wanted.has(room)) {
      this.#wanted.set(room, { joined: false, missingSince: 0, failures: 0 });
      this.#subscribe(room);
    }
  }

  /** @param {string} room */
  leave(room) {
    this.#wanted.delete(room);
    if (this.#phase.name === "connected") {
      this.#request({ type: "UNSUBSCRIBE", room }).catch(() => {
        // Either the connection is gone, and the membership with it, or it was none.
      });
    }
  }

  /**
   * @param {string} room
   * @param {any} message any JSON value
   * @returns {Promise<any>} when the server has it; else a {@link Refusal}
   */
  async send(room, message) {
    if (this.#phase.name !== "connected") {
      throw new Refusal("there is no connection at the moment", true);
    }
    const size = new TextEncoder().encode(JSON.stringify(message)).length;
    if (size > MOST_BYTES) {
      // More would end the connection: the server reads no further than its limit.
      throw new Refusal(`it has ${size} bytes, and a message may have ${MOST_BYTES}`, false);
    }
    return this.#checked(this.#request({ type: "sendMessage", room, message }));
  }

  async #greet() {
    const socket = this.#socket;
    try {
      await this.#request({ type: "connect", ...this.#given() });
    } catch (refusal) {
      if (socket !== this.#socket || refusal.code === 0) {
        this.#drop(socket, refusal.message);
        return;
      }
      if (refusal.code === UNAUTHORIZED) {
        this.#enter({ name: "unauthorized", text: refusal.message });
        return;
      }
      this.emit("error", refusal);
    }
    this.#greeted();
  }

  #given() {
    return Object.fromEntries(Object.entries(this.#identity).filter(([, value]) => value));
  }

  #greeted() {
    if (this.#phase.name === "connected") {
      return;
    }
    this.#connectedAt = Date.now();
    this.#enter({ name: "connected" });
    clearInterval(this.#probeTimer);
    this.#probeTimer = setInterval(() => this.#probeIfQuiet(), QUIET_MS / 5);
    for (const room of this.#wanted.keys()) {
      this.#subscribe(room);
    }
  }

  /** @param {string} room */
  async #subscribe(room) {
    const wanted = this.#wanted.get(room);
    this.emit("room", { room, status: "joining" });
    if (!wanted || this.#phase.name !== "connected") {
      return;
    }
    const current = () => this.#wanted.get(room) === wanted;
    try {
      await this.#checked(this.#request({ type: "SUBSCRIBE", room }));
      if (current()) {
        this.#joined(room, wanted);
      }
    } catch (error) {
      if (current() && this.#phase.name === "connected") {
        this.#refused(room, wanted, error);
      }
    }
  }

  #joined(room, wanted) {
    wanted.joined = true;
    wanted.failures = 0;
    this.emit("room", { room, status: "joined" });
    if (wanted.missingSince) {
      this.emit("gap", { room, since: wanted.missingSince, until: Date.now() });
      wanted.missingSince = 0;
    }
  }

  #refused(room, wanted, error) {
    this.emit("room", { room, status: "refused", error });
    if (!error.temporary) {
      this.#wanted.delete(room);
      return;
    }
    const again = () => this.#wanted.get(room) === wanted && this.#subscribe(room);
    setTimeout(again, 1_000 + delay(++wanted.failures, 0));
  }

  /** @param {string} data one event of the server */
  #receive(data) {
    this.#heardAt = Date.now();
    const event = JSON.parse(data);
    if (this.#requests.settle(event)) {
      return;
    }
    switch (event.type) {
      case "message":
      case "gap":
        this.emit(event.type, event);
        break;
      case "unsubscribed":
        this.#wanted.delete(event.room);
        this.emit("room", { room: event.room, status: "removed", error: event });
        break;
      case "disconnect":
        this.#farewell = event;
        break;
      case "error":
        this.emit("error", new Refusal(String(event.text), event.temporary === true, event.code));
        break;
      default: // A later version of the protocol may say more; what is not known is not needed.
    }
  }

  /** @param {Promise<any>} reply asks for a token as soon as one is missing */
  async #checked(reply) {
    try {
      return await reply;
    } catch (refusal) {
      if (refusal.code === UNAUTHORIZED) {
        this.#enter({ name: "unauthorized", text: refusal.message });
      }
      throw refusal;
    }
  }

  /**
   * @param {object} command
   * @param {number} [patience] ms
   */
  #request(command, patience) {
    return this.#requests.send(
      (whole) => this.#socket?.send(JSON.stringify(whole)), command, patience);
  }

  #probeIfQuiet() {
    if (Date.now() - this.#heardAt >= QUIET_MS) {
      this.#probe();
    }
  }

  #probe() {
    const socket = this.#socket;
    this.#request({ type: "ping" }, PONG_MS).catch(() => {
      this.#drop(socket, "the server went silent");
    });
  }

  /** Gives up a socket without waiting for the other side, which may be gone. */
  #drop(socket, text) {
    if (!socket || socket !== this.#socket) {
      return;
    }
    this.#ended(1006, text);
  }

  /** Lets go of the socket, and of all that hung on it. */
  #release() {
    const socket = this.#socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.#socket = null;
    clearInterval(this.#probeTimer);
    this.#noteLoss();
    this.#requests.abandon();
  }

  #ended(code, reason) {
    this.#release();
    const text = this.#farewell?.text || reason || "the server cannot be reached";
    if (code === INVALID_TOKEN) {
      // A person takes longer to find a token than the server waits: what it said first still holds.
      const first = this.#phase.name === "unauthorized" ? this.#phase.text : text;
      this.#enter({ name: "unauthorized", text: first });
    } else if (isFinal(code) || this.#farewell?.reconnect === false) {
      this.#enter({ name: "closed", text });
    } else {
      this.#retry(text);
    }
  }

  #noteLoss() {
    if (this.#connectedAt && Date.now() - this.#connectedAt >= STABLE_MS) {
      this.#failures = 0;
    }
    this.#connectedAt = 0;
    for (const wanted of this.#wanted.values()) {
      wanted.missingSince ||= wanted.joined ? this.#heardAt : 0;
      wanted.joined = false;
    }
  }

  #retry(text) {
    const wait = delay(this.#failures++, this.#farewell?.after ?? 0);
    this.#retryTimer = setTimeout(() => this.open(), wait);
    this.#enter({ name: "waiting", text, retryAt: Date.now() + wait });
  }

  /** @param {Phase} phase */
  #enter(phase) {
    this.#phase = phase;
    this.emit("phase", phase);
  }
}
