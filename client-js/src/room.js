import { Emitter } from "./emitter.js";
import { LEFT, LOST, RoomcastError } from "./error.js";
import { backoff, FIRST } from "./timing.js";

/** Messages that a slow loop over a room may be behind. */
const MOST_BEHIND = 1_000;

/** What the server takes somebody out of a room with whose token is over: another one may do. */
const NO_LONGER_ALLOWED = 2001;

/** Senders of a room whose numbers are remembered. */
const MOST_SENDERS = 1_000;

/**
 * A room as the application sees it. The client says when a connection is there, gone, or not coming back; the room knows
 * where it stands, and what it has heard already.
 */
export class Room extends Emitter {
  state = "left";
  #hub;
  /** The promise of the present membership, and how to settle it. */
  #joined;
  /** Answers to an earlier turn are of no interest. */
  #turn;
  #from;
  #retry;
  #failures = 0;
  #lostAt;
  /** The last number heard of each sender: clients number what they send to a room. */
  #senders = new Map();

  constructor(name, hub) {
    super();
    this.name = name;
    this.#hub = hub;
  }

  join(from = {}) {
    if (!this.#joined) {
      this.#begin(from);
      this.#enter("joining");
      const { promise } = this.#joined;
      this._subscribe();
      return promise;
    }
    return this.#joined.promise;
  }

  #begin(from) {
    const joined = {};
    joined.promise = new Promise((resolve, reject) => Object.assign(joined, { resolve, reject }));
    joined.promise.catch(() => {}); // The event tells it too.
    this.#joined = joined;
    this.#from = from;
    this.#failures = 0;
    this.#senders.clear();
    this.epoch = this.offset = this.#lostAt = undefined;
  }

  leave() {
    this._end();
    return new Promise((done) => this.#hub.ask({ type: "UNSUBSCRIBE", room: this.name }, () => done()));
  }

  send(message, { key, echo, keep = true } = {}) {
    return this.#hub.send({ type: "sendMessage", room: this.name, message, key, echo }, keep);
  }

  history(query) {
    return this.#hub.call({ type: "history", room: this.name, ...query });
  }

  presence(query) {
    return this.#hub.call({ type: "presence", room: this.name, ...query });
  }

  async *[Symbol.asyncIterator]() {
    const waiting = [];
    let wake = () => {};
    const offs = [
      this.on("message", (message) => wake(waiting.length > MOST_BEHIND || waiting.push(message))),
      this.on("state", () => wake()),
    ];
    try {
      await this.join();
      for (;;) {
        if (waiting.length > MOST_BEHIND) {
          throw new RoomcastError("the loop is slower than the room");
        } else if (waiting.length) {
          yield waiting.shift();
        } else if (this.state !== "left") {
          await new Promise((resolve) => (wake = resolve));
        } else {
          throw this.error ?? LEFT;
        }
      }
    } catch (error) {
      if (error !== LEFT) throw error;
    } finally {
      offs.forEach((off) => off());
    }
  }

  /** Asks to be let in, where the room is wanted. */
  async _subscribe() {
    if (!this.#joined) return;
    const turn = (this.#turn = {});
    const answered = (reply, error) => {
      if (turn !== this.#turn || error === LOST) return;
      if (reply) this.#subscribed(reply);
      else if (error.temporary) this.#retry = setTimeout(() => turn === this.#turn && this._subscribe(), FIRST + backoff(this.#failures++, error.after));
      else this._end(error);
    };
    const { name: room, epoch, offset } = this;
    let { token, ...from } = this.#from;
    if (offset !== undefined) from = { since: { epoch, offset } };
    try {
      // Nothing is waited for without need: rooms are joined before what was kept is sent.
      if (typeof token === "function") token = await token();
      if (turn === this.#turn) this.#hub.ask({ type: "SUBSCRIBE", room, token, ...from }, answered);
    } catch ({ message }) {
      answered(undefined, new RoomcastError(message, 0, true));
    }
  }

  #subscribed(reply) {
    const since = this.#lostAt ?? (reply.recovered === false ? 0 : undefined);
    this.#failures = 0;
    this.#from = { token: this.#from.token };
    this.#lostAt = undefined;
    ({ epoch: this.epoch, offset: this.offset } = reply);
    this.#joined.resolve(reply);
    this.#enter("joined");
    if (since !== undefined && !reply.recovered) {
      this._emit("gap", { type: "gap", room: this.name, since, until: Date.now(), reason: "connection" });
    }
  }

  /** The server has let us in without being asked. */
  _taken(event) {
    if (!this.#joined) this.#begin({});
    if (this.state !== "joined") this.#subscribed(event);
  }

  /** The connection is gone; the server was last heard then. */
  _lost(heardAt) {
    this.#turn = undefined;
    if (this.state === "joined") {
      this.#lostAt = heardAt;
      this.#enter("joining");
    }
  }

  _end(error) {
    clearTimeout(this.#retry);
    this.#joined?.reject(error ?? LEFT);
    this.#joined = this.#turn = undefined;
    if (this.state !== "left") this.#enter("left", error);
  }

  _heard(event) {
    if (this.state !== "joined") return;
    const { type, reason, text, code, epoch, offset } = event;
    if (type === "unsubscribed" && code === NO_LONGER_ALLOWED && typeof this.#from.token === "function") {
      this._lost(Date.now());
      this._subscribe();
    } else if (type === "unsubscribed") {
      this._end(new RoomcastError(text, code));
    } else if (type === "position") {
      Object.assign(this, { epoch, offset });
    } else if (type !== "message" || this.#isNews(event)) {
      // The log goes on behind a hole, or begins anew.
      if (reason === "log") this.#locate();
      this._emit(type, event);
    }
  }

  /** Asks for the position; until it is known the next message is news. */
  #locate() {
    const turn = this.#turn;
    this.offset = undefined;
    this.#hub.ask({ type: "SUBSCRIBE", room: this.name }, (reply) => {
      if (turn === this.#turn && reply?.epoch) ({ epoch: this.epoch, offset: this.offset } = reply);
    });
  }

  /** Whether a message was not heard before. */
  #isNews(event) {
    const { offset, epoch = this.epoch } = event;
    if (offset) {
      if (offset <= this.offset && epoch === this.epoch) return false;
      Object.assign(this, { offset, epoch });
    }
    const [, sender, number, silent] = /^rc-(\w+)-(\d+)(s?)$/.exec(event.key) ?? [];
    if (!sender) return true;
    const last = this.#senders.get(sender) ?? 0;
    this.#senders.delete(sender); // So that the first one is the one least recently heard.
    this.#senders.set(sender, Math.max(last, number));
    if (this.#senders.size > MOST_SENDERS) this.#senders.delete(this.#senders.keys().next().value);
    event.own = sender === this.#hub.sender;
    return number > last && !(event.own && silent);
  }

  #enter(state, error) {
    Object.assign(this, { state, error });
    this._emit("state", { state, error });
  }
}
