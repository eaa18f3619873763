import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "../bundle.mjs";
import * as source from "../src/roomcast.js";
import * as module from "../roomcast.js";
import { Server } from "./fakes.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MOST_BYTES = 5_000;
const MOST_LINES = 400;

const read = (name) => readFileSync(ROOT + name, "utf8");
const run = (...command) => execFileSync(process.execPath, command, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

test("the module is under 5 KB, gzipped", () => {
  const bytes = gzipSync(read("roomcast.js"), { level: 9 }).length;
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes, and ${MOST_BYTES} are too many`);
});

test("the module is what the sources make: else run npm run bundle", async () => {
  assert.equal(read("roomcast.js"), await bundle());
});

test("the module needs no other, and is the only thing that a page loads", () => {
  assert.doesNotMatch(read("roomcast.js"), /\bimport\b/);
  assert.deepEqual(Object.keys(module).sort(), Object.keys(source).sort());
});

test("types are well, and the tests of types are", () => {
  try {
    run("node_modules/typescript/bin/tsc", "-p", ".");
  } catch ({ stdout }) {
    assert.fail(stdout);
  }
});

/** The members of an interface or a class of the declarations. */
function declared(name) {
  const body = new RegExp(`export (?:interface|class) ${name}\\b[^{]*\\{\\n(.*?)\\n\\}`, "s").exec(read("roomcast.d.ts"))[1];
  return [...new Set([...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:<]/gm)].map((match) => match[1]))].sort();
}

/** What an object has that is not private, nor internal. */
function members(object) {
  const names = new Set(Object.keys(object));
  for (let proto = Object.getPrototypeOf(object); proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    Object.getOwnPropertyNames(proto).forEach((name) => names.add(name));
  }
  return [...names].filter((name) => !name.startsWith("_") && name !== "constructor").sort();
}

test("what is declared is there, and nothing else", async () => {
  const client = source.connect("ws://127.0.0.1:1", { WebSocket: new Server().WebSocket, fetch: () => new Promise(() => {}) });
  const room = client.room("r");
  room.join().catch(() => {});
  try {
    assert.deepEqual(members(client).filter((name) => name !== "retryAt" && name !== "error"), declared("Client").filter((name) => name !== "retryAt" && name !== "error"));
    assert.deepEqual(members(room).sort(), declared("Room"));
    assert.deepEqual([...declared("RoomcastError").filter((name) => name !== "constructor")], ["after", "code", "name", "temporary"]);
  } finally {
    client.close();
  }
  assert.deepEqual(members(client), declared("Client"));
});

test("no file is long", () => {
  for (const folder of ["src/", "test/", "./"]) {
    for (const name of readdirSync(ROOT + folder).filter((file) => /\.(js|ts)$/.test(file))) {
      assert.ok(read(folder + name).split("\n").length <= MOST_LINES, name);
    }
  }
});
