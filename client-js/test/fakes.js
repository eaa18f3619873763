import { mock } from "node:test";
import { connect } from "../src/roomcast.js";

/** Lets all promises that can settle do so. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The clock stands still, and jitter is the ceiling itself, less a little. */
export function stopTime() {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
  mock.method(Math, "random", () => 0.999);
}

export function goOn() {
  mock.timers.reset();
  mock.restoreAll();
}

/** Time passes, step by step: what a timer begins may set another. */
export async function pass(ms) {
  for (let left = ms; left > 0; left -= 50) {
    mock.timers.tick(Math.min(50, left));
    await settled();
  }
}

/** The server's end of a WebSocket, played by a test. */
export class Socket {
  heard = [];
  closed = false;
  /** Whether it answers pings by itself. */
  lively = false;

  constructor(url) {
    this.url = url;
  }

  send(text) {
    if (!this.isOpen) throw new Error("sent before it was open");
    const command = JSON.parse(text);
    if (this.lively && command.type === "ping") this.say({ type: "pong", id: command.id });
    else this.heard.push(command);
  }

  close() {
    this.closed = true;
  }

  open() {
    this.isOpen = true;
    this.onopen();
  }

  say(event) {
    this.onmessage({ data: JSON.stringify(event) });
  }

  end(code = 1006, reason = "") {
    this.onclose({ code, reason });
  }

  /** Takes the next command that was heard. */
  next(type) {
    const command = this.heard.shift();
    if (command?.type !== type) throw new Error(`expected ${type}, heard ${JSON.stringify(command)} before ${JSON.stringify(this.heard)}`);
    return command;
  }

  /** Answers the next command, which must be of this type; gives it. */
  answer(type, reply) {
    const command = this.next(type);
    this.say({ type: REPLIES[type], id: command.id, ...(command.room && { room: command.room }), ...reply });
    return command;
  }

  refuse(type, code, temporary = false, after = undefined) {
    const { id } = this.next(type);
    this.say({ type: "error", id, code, error: "word", text: `error ${code}`, temporary, after });
  }
}

const REPLIES = {
  connect: "connected", SUBSCRIBE: "subscribed", UNSUBSCRIBE: "unsubscribed", sendMessage: "sent", history: "history", ping: "pong",
  refresh: "connected", presence: "presence",
};

/** A server, played by a test: whoever connects is a socket of it. */
export class Server {
  sockets = [];
  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends Socket {
      constructor(url) {
        super(url);
        sockets.push(this);
      }
    };
  }

  get socket() {
    return this.sockets.at(-1);
  }

  connect(options) {
    return connect("ws://test", { WebSocket: this.WebSocket, fetch: async () => { throw new Error("no network"); }, ...options });
  }

  /** The newest socket opens, and the client is let in. */
  async admit() {
    await settled();
    this.socket.open();
    this.socket.answer("connect", { session: "s", node: "n" });
    await settled();
    return this.socket;
  }
}

/** A server for requests, played by a test. */
export class Http {
  requests = [];
  fetch = (url, { signal, ...init } = {}) => new Promise((resolve, reject) => {
    const request = new Request(url, init, resolve);
    signal?.addEventListener("abort", () => {
      request.aborted = true;
      request.stream?.error(signal.reason);
      reject(signal.reason);
    });
    this.requests.push(request);
  });

  /** Takes the next request, which must be for this path; `/live` is answered at once. */
  async next(path) {
    await settled();
    const request = this.requests.shift();
    if (request?.path !== path) throw new Error(`expected ${path}, got ${request?.path}`);
    return request;
  }

  async live() {
    (await this.next("/live")).answer(200, { status: "live" });
    await settled();
  }

  /** Lets a room be joined; gives its stream. */
  async joins(path, opening = "") {
    const request = await this.next(path);
    request.begin();
    request.say("retry: 1000\n: subscribed\n\n" + opening);
    await settled();
    return request;
  }
}

class Request {
  constructor(url, { method = "GET", headers, body }, resolve) {
    this.path = url.replace(/^https?:\/\/[^/]+/, "");
    Object.assign(this, { method, headers, body, resolve });
  }

  answer(status, json, headers = {}) {
    this.resolve(new Response(JSON.stringify(json), { status, headers }));
  }

  begin() {
    const body = new ReadableStream({ start: (controller) => (this.stream = controller) });
    this.resolve(new Response(body));
  }

  say(text) {
    this.stream.enqueue(new TextEncoder().encode(text));
  }

  message(message, offset, more) {
    const event = { type: "message", room: "room 1", message, ...(offset && { time: 1, offset }), ...more };
    this.say(`${offset ? `id: e:${offset}\n` : ""}data: ${JSON.stringify(event)}\n\n`);
    return settled();
  }
}
