import { Emitter } from "./emitter.js";
import { LOST, RoomcastError } from "./error.js";
import { overHttp } from "./over-http.js";
import { overWebSocket } from "./over-websocket.js";
import { Room } from "./room.js";
import { backoff, FIRST, PATIENCE, QUIET, STABLE } from "./timing.js";

/** Close codes after which the same client would only fail the same way again. */
const FINAL = /^(100[02378]|1009|1010|4[5-9]..)$/;
const LOST_LINK = 1006;
const REFUSED = 1008;
const INVALID_TOKEN = 4501;
const UNAUTHORIZED = 1401;

/** Bytes around a command: its `id`. */
const ID_BYTES = 32;

/** Levels of arrays and objects in a command, itself included: the server answers more without an `id`. */
const NESTING = 64;

const LONGEST_TIMER = 2 ** 31 - 1;

function depth(value) {
  return value && typeof value === "object" ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
}

function random() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("");
}

/**
 * A lasting link to the server.
 *
 *   connecting --the server knows us--> connected --lost--> waiting --> connecting
 *        '------------ lost ------------------------------------^
 *   closed: from each of them, by close() or when coming back is pointless; for ever
 */
export class Client extends Emitter {
  state = "closed";
  #at;
  #options;
  #hub;
  #rooms = new Map();
  /** Calls that are kept until they are answered. The first of a queue is on its way, the others wait for its answer. */
  #queues = new Map();
  #waiting = 0;
  /** What was asked on the present link, by `id`. */
  #asked = new Map();
  #lastId = 0;
  /** What belongs to an earlier attempt is of no interest. */
  #turn;
  #link;
  #farewell;
  #timer;
  #probe;
  #expiry;
  #upAt = 0;
  #heardAt = 0;
  #failures = 0;
  /** WebSockets in a row that failed although the server answers. */
  #blocked = 0;
  #renewed = false;

  constructor(at, options) {
    super();
    this.#at = at;
    this.#options = { session: random(), limit: 1_000, patience: 60_000, bytes: 65_536, ...options };
    const sender = random();
    let sent = 0;
    this.#hub = {
      sender,
      ask: (command, done) => this.#ask(command, done),
      call: (command) => this.#call(command),
      send: (command, keep) => {
        if (!keep) return this.#call(command, {}, true);
        command.key ??= `rc-${sender}-${++sent}${command.echo === false ? "s" : ""}`;
        return this.#call(command, command.room);
      },
    };
    globalThis.addEventListener?.("online", this.wake);
    globalThis.document?.addEventListener("visibilitychange", this.wake);
    this.#open();
  }

  room(name) {
    if (!this.#rooms.has(name)) this.#rooms.set(name, new Room(name, this.#hub));
    return this.#rooms.get(name);
  }

  async identify(who) {
    Object.assign(this.#options, who);
    if (this.state === "connected") await this.#greetAnew();
  }

  close() {
    if (this.state !== "closed") this.#finish(new RoomcastError("the client was closed"));
  }

  async #open() {
    const turn = this.#release();
    const current = (then) => (...args) => turn === this.#turn && then(...args);
    const down = current((code, text) => this.#down(code, text));
    const { transport = this.#blocked > 1 ? "http" : "websocket" } = this.#options;
    this.transport = transport;
    this.#enter("connecting");
    this.#timer = setTimeout(down, PATIENCE, LOST_LINK, "the server does not answer");
    try {
      const token = await this.#token();
      if (turn !== this.#turn) return;
      const on = { down, up: current(() => this.#greet(token)), heard: current((event) => this.#heard(event)) };
      this.#link = (transport === "http" ? overHttp : overWebSocket)(this.#at, this.#options, on, token);
    } catch (error) {
      down(LOST_LINK, error.message);
    }
  }

  get #renewable() {
    return typeof this.#options.token === "function";
  }

  async #token() {
    const { token } = this.#options;
    return this.#renewable ? token() : token;
  }

  /** Lets go of the link, and of all that hung on it. */
  #release() {
    const asked = [...this.#asked.values()];
    for (const timer of [this.#timer, this.#probe, this.#expiry]) clearTimeout(timer);
    this.#asked.clear();
    this.#link?.end();
    this.#link = this.#farewell = undefined;
    this.#turn = {};
    for (const done of asked) done(undefined, LOST);
    return this.#turn;
  }

  #greet(token) {
    const { name, session } = this.#options;
    this.#ask({ type: "connect", session, name, token }, (reply, error) => {
      if (error === LOST) return;
      if (reply) this.#greeted(token);
      else if (error.code !== UNAUTHORIZED) this.#down(error.temporary ? LOST_LINK : REFUSED, error.message);
      else if (this.#renewable && !this.#renewed) this.#greetAnew();
      else this.#down(INVALID_TOKEN, error.message, UNAUTHORIZED);
    });
  }

  /** Says who this is on the present link, by another token if there is one. */
  async #greetAnew() {
    const turn = this.#turn;
    this.#renewed = true;
    try {
      const token = await this.#token();
      if (turn === this.#turn) this.#greet(token);
    } catch (error) {
      if (turn === this.#turn) this.#down(LOST_LINK, error.message);
    }
  }

  #greeted(token) {
    this.#renewed = false;
    if (this.state === "connected") return;
    clearTimeout(this.#timer);
    this.#upAt = Date.now();
    this.#blocked = this.#blocked > 1 ? 1 : 0; // The next link tries a WebSocket once.
    this.#probe = setInterval(() => Date.now() - this.#heardAt > QUIET && this.wake(), QUIET / 5);
    this.#watch(token);
    this.#enter("connected");
    for (const room of this.#rooms.values()) room._subscribe();
    for (const queue of [...this.#queues.keys()]) this.#pump(queue);
  }

  /** Renews a token that says when it ends, after four fifths of its time. */
  #watch(token) {
    if (!this.#renewable) return;
    try {
      const left = JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).exp * 1000 - Date.now();
      clearTimeout(this.#expiry);
      this.#expiry = setTimeout(() => this.#refresh(token), Math.min(Math.max(left * 0.8, 1_000), LONGEST_TIMER));
    } catch {
      // It does not say.
    }
  }

  /** @param old what holds if there is no other */
  async #refresh(old) {
    const turn = this.#turn;
    const next = await this.#token().catch(() => {});
    if (turn !== this.#turn) return;
    if (next) this.#ask({ type: "refresh", token: next }, (reply) => this.#watch(reply ? next : old));
    else this.#watch(old);
  }

  #ask(command, done) {
    if (this.state === "closed") return done(undefined, this.error);
    if (this.state !== "connected" && command.type !== "connect") return done(undefined, LOST);
    const id = ++this.#lastId;
    this.#asked.set(id, done);
    this.#link.send({ id, ...command });
  }

  #heard(event) {
    this.#heardAt = Date.now();
    const { id, type, room, after, text, code, temporary } = event;
    const error = type === "error" ? new RoomcastError(text, code, temporary, after) : undefined;
    const done = this.#asked.get(id);
    if (code === UNAUTHORIZED && this.state === "connected" && this.#renewable) {
      // The token has ended too early, and what it was needed for may be asked again with another.
      error.temporary = true;
      this.#refresh();
    }
    if (done) {
      this.#asked.delete(id);
      done(error ? undefined : event, error);
    } else if (type === "disconnect") {
      this.#farewell = event;
    } else if (error) {
      this._emit("error", error);
    } else if (type === "subscribed") {
      this.room(room)._taken(event);
      this._emit("room", this.room(room));
    } else {
      this.#rooms.get(room)?._heard(event);
    }
  }

  /** The link is lost, or of no use: waits and comes back, unless that is pointless. */
  #down(code, text, shown = code) {
    const { after, reconnect, text: why = text } = this.#farewell ?? {};
    const { transport, fetch = globalThis.fetch } = this.#options;
    // Another token may do, unless one that was asked for just now did not.
    const renew = code === INVALID_TOKEN && this.#renewable && (this.#upAt || !this.#renewed);
    const final = !renew && (reconnect === false || FINAL.test(code));
    const error = new RoomcastError(why || "the connection was lost", shown, !final);
    if (this.#upAt && Date.now() - this.#upAt > STABLE) this.#failures = 0;
    if (!this.#upAt && !transport) fetch(this.#at.http + "/live").then(({ ok }) => (this.#blocked += +ok), () => {});
    this.#renewed = renew && !this.#upAt;
    this.#upAt = 0;
    this.#release();
    for (const room of this.#rooms.values()) room._lost(this.#heardAt);
    if (final) return this.#finish(error);
    const wait = backoff(this.#failures++, after);
    this.#timer = setTimeout(() => this.#open(), wait);
    this.#enter("waiting", error, Date.now() + wait);
  }

  #finish(error) {
    this.#release();
    globalThis.removeEventListener?.("online", this.wake);
    globalThis.document?.removeEventListener("visibilitychange", this.wake);
    this.#enter("closed", error);
    for (const room of this.#rooms.values()) room._end(error);
    for (const calls of [...this.#queues.values()]) {
      for (const call of [...calls]) call.settle(undefined, error);
    }
  }

  #enter(state, error, retryAt) {
    Object.assign(this, { state, error, retryAt });
    this._emit("state", { state, error, retryAt });
  }

  /** The network or the reader is back, or it was quiet for long: no waiting, and no trust. */
  wake = () => {
    if (this.state === "waiting") return this.#open();
    const timer = setTimeout(() => this.#down(LOST_LINK, "the server went silent"), PATIENCE);
    this.#ask({ type: "ping" }, () => clearTimeout(timer));
  };

  /** Asks until there is an answer, or once, at the head of the queue. */
  #call(command, queue = {}, once = false) {
    return new Promise((resolve, reject) => {
      const { limit, patience, bytes } = this.#options;
      const text = JSON.stringify(command);
      if (new TextEncoder().encode(text).length > bytes - ID_BYTES) throw new RoomcastError(`a message may have ${bytes} bytes`, 1413);
      if (depth((command = JSON.parse(text))) > NESTING) throw new RoomcastError("a message is nested too deep", 1400); // As it is now.
      if (this.state === "closed") throw this.error;
      if (this.#waiting >= limit) throw new RoomcastError(`${limit} calls are waiting already`, 0, true);
      const calls = this.#queues.get(queue) ?? [];
      const settle = (reply, error) => {
        clearTimeout(call.timer);
        clearTimeout(call.retry);
        calls.splice(calls.indexOf(call), 1);
        this.#waiting--;
        error ? reject(error) : resolve(reply);
        this.#pump(queue);
      };
      const timer = setTimeout(() => settle(undefined, tooLate(patience, call.tries)), patience);
      const call = { command, once, tries: 0, settle, timer };
      calls.push(call);
      this.#queues.set(queue, calls);
      this.#waiting++;
      this.#pump(queue);
    });
  }

  #pump(queue) {
    const calls = this.#queues.get(queue) ?? [];
    const call = calls[0];
    if (!call) {
      this.#queues.delete(queue);
    } else if (!call.busy && (call.once || this.state === "connected")) {
      call.busy = true;
      call.tries++;
      this.#ask(call.command, (reply, error) => {
        call.busy = false;
        if (calls[0] !== call) return;
        if (reply || call.once || (error !== LOST && !error.temporary)) call.settle(reply, error);
        else if (error !== LOST) call.retry = setTimeout(() => this.#pump(queue), FIRST + backoff(call.tries, error.after));
      });
    }
  }
}

function tooLate(patience, tries) {
  const doubt = tries ? "; it may have been carried out" : ", and nothing was sent";
  return new RoomcastError(`there was no answer within ${patience / 1000} s${doubt}`, 0, true);
}
