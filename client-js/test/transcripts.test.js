// Plays conformance/sdk: what an application asks, what the client says to a server, what the application is told. The README there
// says what each step means. The clock is moved on while a step waits.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, mock, test } from "node:test";
import { goOn, Server, settled, stopTime } from "./fakes.js";

const FOLDER = new URL("../../conformance/sdk/", import.meta.url);
const WAIT_MS = 30_000;
const STEP_MS = 20;

beforeEach(stopTime);
afterEach(goOn);

for (const name of readdirSync(FOLDER).sort()) {
  test(name, async () => {
    const player = new Player();
    try {
      await player.play(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")).steps);
    } finally {
      player.client?.close();
    }
  });
}

async function move() {
  mock.timers.tick(STEP_MS);
  await settled();
}

async function until(condition) {
  for (let waited = 0; !condition(); waited += STEP_MS) {
    assert.ok(waited < WAIT_MS, "it did not come");
    await move();
  }
}

class Player {
  server = new Server();
  taken = 0;
  told = [];
  names = new Map();
  rooms = new Map();
  calls = new Map();

  async play(steps) {
    for (const [number, step] of steps.entries()) {
      try {
        await ("app" in step ? this.app(step) : this.serve(step));
        await settled();
      } catch (error) {
        throw new Error(`step ${number + 1} ${JSON.stringify(step)}: ${error.message}`);
      }
    }
    for (let waited = 0; waited < 5_000; waited += STEP_MS) await move();
    assert.deepEqual(this.told, [], "told at the end");
    assert.deepEqual(this.server.socket.heard, [], "said at the end");
    assert.equal(this.server.sockets.length, this.taken, "connections at the end");
  }

  async app({ app, room: name, call, state, value, ...step }) {
    const room = name && this.room(name);
    const from = step.since ? { since: step.since } : step.last && { last: step.last };
    const actions = {
      connects: () => this.connect(step.options ?? {}),
      joins: () => this.call(call, room.join(from)),
      sends: () => this.call(call, room.send(value, { echo: step.echo })),
      leaves: () => this.call(call, room.leave()),
      asks: () => this.call(call, room.presence({ limit: 100 })),
      closes: () => this.client.close(),
      is: () => until(() => this.client.state === state),
      gets: () => this.gets(value),
      resolves: () => this.resolves(call, value),
      rejects: () => this.rejects(call, step),
    };
    await actions[app]();
  }

  connect({ name, tokens, queue: limit = 1_000, giveUp: patience = 60_000 }) {
    let turn = 0;
    const token = tokens && (() => tokens[Math.min(turn++, tokens.length - 1)]);
    this.client = this.server.connect({ name, token, limit, patience });
  }

  room(name) {
    if (!this.rooms.has(name)) {
      const room = this.client.room(name);
      let joined = false;
      for (const type of ["message", "joined", "left"]) room.on(type, ({ own, ...event }) => this.told.push(event));
      room.on("gap", ({ type, reason }) => this.told.push({ type, room: name, reason }));
      room.on("state", ({ state, error }) => {
        // Who was in, and is not any more without having asked for that.
        if (state === "left" && joined && error?.code) this.told.push({ type: "removed", room: name, code: error.code });
        joined = state !== "left" && (joined || state === "joined");
      });
      this.rooms.set(name, room);
    }
    return this.rooms.get(name);
  }

  call(name, promise) {
    const outcome = {};
    promise.then((value) => (outcome.value = value ?? {}), (error) => (outcome.error = error));
    if (name) this.calls.set(name, outcome);
  }

  async gets(value) {
    await until(() => this.told.length);
    this.match(value, this.told.shift());
  }

  async resolves(name, value = {}) {
    const outcome = this.calls.get(name);
    await until(() => outcome.value || outcome.error);
    assert.equal(outcome.error, undefined);
    for (const [field, expected] of Object.entries(value)) this.match(expected, outcome.value[field]);
  }

  async rejects(name, { code, temporary }) {
    const outcome = this.calls.get(name);
    await until(() => outcome.value || outcome.error);
    const { error } = outcome;
    assert.deepEqual([error?.code, error?.temporary, error?.message !== ""], [code, temporary, true]);
  }

  async serve({ server, value, code = 1006, notBefore = 0 }) {
    const before = Date.now();
    const { sockets } = this.server;
    if (server === "takes" || server === "refuses") {
      await until(() => sockets.length > this.taken);
      assert.ok(Date.now() - before >= notBefore, `it came after ${Date.now() - before} ms`);
      this.taken++;
      if (server === "takes") {
        this.server.socket.lively = true;
        this.server.socket.open();
      } else {
        this.server.socket.end(1006);
      }
    } else if (server === "hears") {
      await until(() => this.server.socket.heard.length);
      this.match(value, this.server.socket.heard.shift());
    } else if (server === "says") {
      this.server.socket.say(this.filled(value));
    } else if (server === "ends") {
      this.server.socket.end(code);
    } else {
      throw new Error("no such step");
    }
  }

  filled(value) {
    if (typeof value === "string" && value.startsWith("$")) return this.names.get(value);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.filled(field)]));
  }

  match(expected, actual) {
    if (!this.matches(expected, actual)) throw new Error(`it was ${JSON.stringify(actual)}`);
  }

  matches(expected, actual) {
    if (typeof expected === "string" && expected.startsWith("$")) {
      if (!this.names.has(expected)) this.names.set(expected, actual);
      return this.names.get(expected) === actual;
    }
    if (expected === "<any>") return true;
    if (expected === "<text>") return typeof actual === "string" && actual !== "";
    if (expected === "<whole>") return Number.isInteger(actual);
    if (expected === null || typeof expected !== "object") return expected === actual;
    const names = Object.keys(expected);
    return actual !== null && typeof actual === "object" && names.length === Object.keys(actual).length
      && names.every((name) => this.matches(expected[name], actual[name]));
  }
}
