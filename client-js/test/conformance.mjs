// Plays the transcripts that an application could have had with this SDK, with the server whose URL is given; see
// conformance/README.md. Prints a line for each, and ends with 0 when all went as they should.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import WebSocket from "ws";
import { connect } from "../roomcast.js";

const FOLDER = new URL("../../conformance/", import.meta.url);
const WAIT_MS = 10_000;

/** The commands that an application can give, with the fields that it can set. */
const WORDS = {
  SUBSCRIBE: ["id", "type", "room", "since", "last"],
  UNSUBSCRIBE: ["id", "type", "room"],
  sendMessage: ["id", "type", "room", "message", "echo", "key"],
  history: ["id", "type", "room", "since", "before", "limit"],
  presence: ["id", "type", "room", "counts", "after", "limit"],
};

const EVENTS = new Set(["message", "gap", "joined", "left"]);

/** JSON as it is written, but for how its strings are: so fields that are there twice, and unusual numbers, are seen. */
function written(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (string) => JSON.stringify(JSON.parse(string)));
}

/** Whether an application can say these commands: every word of them, and just as they are written. */
function sayable(says, text) {
  const commands = [says].flat();
  return JSON.stringify(says) === written(text) && commands.length > 0 && commands.every((command) => command && Object.hasOwn(WORDS, command.type) && "room" in command
    && (command.id !== undefined || !["history", "presence"].includes(command.type))
    && Object.keys(command).every((field) => WORDS[command.type].includes(field)));
}

/** A step as the SDK can take it, or nothing. */
function possible(step, line) {
  if ("saysBinary" in step) return undefined;
  if ("says" in step) return sayable(step.says, /"says":(.*?)(?:,"times":\d+)?\},?$/.exec(line)[1]) ? step : undefined;
  if (!("saysText" in step)) return step;
  try {
    const { saysText, ...rest } = step;
    const says = JSON.parse(saysText);
    return sayable(says, saysText) ? { ...rest, says } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The steps that can be played: what the SDK cannot say is passed over together with the error that answers it, which by the
 * protocol changes nothing; where something else answers it, the transcript ends.
 */
function playable(steps, lines) {
  const some = [];
  for (let i = 0; i < steps.length; i++) {
    const step = possible(steps[i], lines[i]);
    const next = steps[i + 1];
    if (step) some.push(step);
    else if (!Array.isArray(steps[i].says) && next?.hears?.type === "error" && next.client === steps[i].client && next.times === steps[i].times) i++;
    else break;
  }
  return some.some((step) => "hears" in step || "hearsText" in step) ? some : [];
}

function transcripts() {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort().map((name) => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    const { over, steps: all } = JSON.parse(text);
    const lines = text.split("\n").filter((line) => /^ {4}\{"client"/.test(line));
    assert.equal(lines.length, all.length, `${name}: each step begins a line of its own, indented by four`);
    return { name, all: all.length, steps: over === "websocket" ? [] : playable(all, lines) };
  });
}

function matches(expected, actual) {
  if (expected === "<any>") return true;
  if (expected === "<text>") return typeof actual === "string" && actual !== "";
  if (expected === "<whole>") return Number.isInteger(actual);
  if (expected === null || typeof expected !== "object") return expected === actual;
  const names = Object.keys(expected);
  return actual !== null && typeof actual === "object" && names.length === Object.keys(actual).length
    && names.every((name) => matches(expected[name], actual[name]));
}

/** One client of a transcript: what the SDK tells the application, as frames. */
class Player {
  heard = [];
  rooms = new Map();

  constructor(url) {
    this.client = connect(url, { WebSocket });
    this.client.on("error", (error) => this.#hear(errorFrame(error)));
  }

  #hear({ ...frame }) {
    if (frame.id === undefined) delete frame.id;
    this.heard.push(frame);
    this.wake?.();
  }

  async connected() {
    while (this.client.state === "connecting" || this.client.state === "waiting") await new Promise((resolve) => this.client.on("state", resolve));
  }

  room(name) {
    if (!this.rooms.has(name)) {
      const room = this.client.room(name);
      // A transcript knows nothing of what the SDK adds.
      for (const type of EVENTS) {
        room.on(type, ({ own, ...event }) => event.reason === "connection" || this.#hear(event));
      }
      this.rooms.set(name, room);
    }
    return this.rooms.get(name);
  }

  say(command) {
    const { id, type, room: name, message, echo, key, ...query } = command;
    const room = this.room(name);
    const done = {
      SUBSCRIBE: () => room.join(query),
      UNSUBSCRIBE: () => room.leave().then(() => ({ type: "unsubscribed", room: name })),
      // Not kept: the SDK would give it a key, and a transcript knows of none.
      sendMessage: () => room.send(message, { echo, key, keep: false }),
      history: () => room.history(query),
      presence: () => room.presence(query),
    }[type]();
    const answered = id === undefined ? {} : { id };
    return done.then(
      // With `since` the server answers also without an id.
      (reply) => (id !== undefined || query.since) && this.#hear({ ...reply, id }),
      (error) => this.#hear({ ...errorFrame(error), ...answered }));
  }

  /** The next frame of a kind: what the SDK gives by a promise and by an event has no order. */
  async hear(isEvent) {
    const late = setTimeout(() => this.wake(), WAIT_MS);
    const end = Date.now() + WAIT_MS;
    try {
      for (;;) {
        const at = this.heard.findIndex(({ type }) => EVENTS.has(type) === isEvent);
        if (at >= 0) return this.heard.splice(at, 1)[0];
        if (Date.now() >= end) throw new Error(`nothing was heard for ${WAIT_MS} ms`);
        await new Promise((resolve) => (this.wake = resolve));
      }
    } finally {
      clearTimeout(late);
    }
  }

  async silence() {
    await this.client.room("nobody is here").send(0, { keep: false });
    assert.deepEqual(this.heard, [], "it should be silent");
  }

  async closed() {
    while (this.client.state !== "closed") await new Promise((resolve) => this.client.on("state", resolve));
    return this.client.error.code;
  }
}

/** The word of an error is for people who read the wire; an application has its number. */
function errorFrame({ code, message, temporary }) {
  return { type: "error", code, text: message, temporary };
}

function expected(frame) {
  const { error, ...rest } = frame;
  return frame.type === "error" ? rest : frame;
}

async function hears(player, frames) {
  const open = frames.map(expected);
  while (open.length) {
    const isEvent = EVENTS.has(open[0].type);
    const frame = await player.hear(isEvent);
    const at = open.findIndex((one) => matches(one, frame));
    assert.ok(at >= 0, `heard ${JSON.stringify(frame)}, expected ${JSON.stringify(open)}`);
    open.splice(at, 1);
  }
}

async function play({ steps }, url) {
  const players = new Map();
  try {
    for (const [number, { client, times = 1, ...step }] of steps.entries()) {
      if (!players.has(client)) players.set(client, new Player(url));
      const player = players.get(client);
      await player.connected();
      for (let i = 0; i < times; i++) {
        try {
          await act(player, step);
        } catch (error) {
          throw new Error(`step ${number + 1} ${JSON.stringify(step)}: ${error.message}`);
        }
      }
      if ("closed" in step || "leaves" in step) players.delete(client);
    }
    for (const player of players.values()) await player.silence();
  } finally {
    for (const { client } of players.values()) client.close();
  }
}

async function act(player, step) {
  if ("says" in step) {
    const saying = [step.says].flat().map((command) => player.say(command));
    // Without an id nobody waits for the answer on the wire; here the next step waits, so that it comes after.
    await Promise.all(saying);
  } else if ("hears" in step) await hears(player, [step.hears]);
  else if ("hearsText" in step) await hears(player, [JSON.parse(step.hearsText)]);
  else if ("hearsInAnyOrder" in step) await hears(player, step.hearsInAnyOrder);
  else if ("silence" in step) await player.silence();
  else if ("closed" in step) assert.equal(await player.closed(), step.closed);
  else if ("leaves" in step) player.client.close();
  else throw new Error("no such step");
}

const [url] = process.argv.slice(2);
let failed = 0;
for (const transcript of transcripts()) {
  const { name, all, steps } = transcript;
  if (steps.length === 0) {
    console.log(`not for an SDK: ${name}`);
    continue;
  }
  try {
    await play(transcript, url);
    console.log(`played: ${name}, ${steps.length} of ${all} steps`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${transcript.name}, ${error.message}`);
  }
}
process.exit(failed ? 1 : 0);
