import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, mock, test } from "node:test";
import { goOn, pass, Server, settled, stopTime } from "./fakes.js";

let server;
let client;
let states;

beforeEach(() => {
  stopTime();
  server = new Server();
});

afterEach(() => {
  client?.close();
  goOn();
});

function start(options) {
  client = server.connect(options);
  states = [];
  client.on("state", ({ state }) => states.push(state));
}

test("it says who it is, and is connected when the server knows", async () => {
  start({ name: "ada", token: "t" });
  assert.equal(client.state, "connecting");
  await settled();
  assert.equal(server.socket.url, "ws://test/ws");
  server.socket.open();
  const { id, session, ...said } = server.socket.heard[0];
  assert.deepEqual(said, { type: "connect", name: "ada", token: "t" });
  assert.match(session, /^\w{16,}$/);
  server.socket.answer("connect");
  assert.deepEqual(states, ["connected"]);
});

test("it comes back under the same session, after 0.5 s and then ever later, at most 20 s", async () => {
  start();
  const first = await server.admit();
  const waits = [];
  for (let i = 0; i < 9; i++) {
    server.socket.end();
    waits.push(Math.round((client.retryAt - Date.now()) / 100) / 10);
    await pass(client.retryAt - Date.now());
  }
  assert.deepEqual(waits, [0.5, 1, 2, 4, 8, 16, 20, 20, 20]);
  assert.equal(server.sockets.length, 10);
  const again = await server.admit();
  assert.notEqual(again, first);
});

test("a connection that held makes the wait short again", async () => {
  start();
  for (let i = 0; i < 4; i++) {
    await settled();
    server.socket.end();
    await pass(client.retryAt - Date.now());
  }
  await server.admit();
  await pass(5_100);
  server.socket.end();
  assert.equal(client.retryAt - Date.now() < 500, true);
});

test("it waits as long as the server says", async () => {
  start();
  await server.admit();
  server.socket.say({ type: "disconnect", code: 1001, text: "server is shutting down", reconnect: true, after: 7_000 });
  server.socket.end(1001);
  assert.equal(client.state, "waiting");
  assert.equal(client.error.message, "server is shutting down");
  await pass(6_900);
  assert.equal(server.sockets.length, 1);
  await pass(200);
  assert.equal(server.sockets.length, 2);
});

/** The protocol's own table of close codes. */
const CODES = [...readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8")
  .split("### Close codes")[1].split("\n### ")[0].matchAll(/^\| (\d{4}) \|[^|]*\| (yes|no) \|/gm)]
  .map(([, code, reconnect]) => [Number(code), reconnect === "yes"]);

for (const [code, reconnect] of [...CODES, [1006, true], [4499, true], [4999, false]]) {
  test(`after ${code} it ${reconnect ? "comes back" : "does not come back"}`, async () => {
    start();
    await server.admit();
    server.socket.end(code, "too bad");
    assert.equal(client.state, reconnect ? "waiting" : "closed");
    assert.deepEqual([client.error.code, client.error.message, client.error.temporary], [code, "too bad", reconnect]);
    await pass(600);
    assert.equal(server.sockets.length, reconnect ? 2 : 1);
  });
}

test("the table was read", () => {
  start();
  assert.ok(CODES.length > 10);
});

test("a server that says not to come back is believed", async () => {
  start();
  await server.admit();
  server.socket.say({ type: "disconnect", code: 4010, text: "banned", reconnect: false });
  server.socket.end(4010);
  assert.equal(client.state, "closed");
  assert.equal(client.error.message, "banned");
});

test("a server that goes silent is asked, and given up when it does not answer", async () => {
  start();
  await server.admit();
  await pass(24_000);
  assert.deepEqual(server.socket.heard, []);
  await pass(6_500);
  server.socket.answer("ping");
  await pass(24_000);
  assert.equal(client.state, "connected");
  let why;
  client.on("state", ({ state, error }) => state === "waiting" && (why = error.message));
  await pass(17_000);
  assert.equal(why, "the server went silent");
  assert.equal(server.sockets[0].closed, true);
});

test("a server that does not answer the greeting is given up", async () => {
  start();
  await settled();
  server.socket.open();
  await pass(10_100);
  assert.equal(client.state, "waiting");
  await pass(600);
  assert.equal(server.sockets.length, 2);
});

test("what an old connection says or does has no effect", async () => {
  start();
  const old = await server.admit();
  old.end();
  await pass(600);
  await server.admit();
  old.say({ type: "disconnect", code: 4500, text: "old", reconnect: false });
  old.end(4500);
  assert.equal(client.state, "connected");
});

test("when the network is back it does not wait", async () => {
  globalThis.addEventListener = (event, listener) => (online = listener);
  globalThis.removeEventListener = (event, listener) => listener === online && (online = undefined);
  let online;
  try {
    start();
    for (let i = 0; i < 6; i++) {
      await settled();
      server.socket.end();
      await pass(client.retryAt - Date.now());
    }
    server.socket.end();
    online();
    assert.equal(client.state, "connecting");
    await server.admit();
    online();
    assert.equal(server.socket.next("ping").type, "ping");
    client.close();
    assert.equal(online, undefined);
  } finally {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  }
});

test("a listener that throws harms nobody else, and is not hidden", async () => {
  start();
  client.on("state", () => {
    throw new Error("mine");
  });
  let later = 0;
  client.on("state", () => later++);
  await server.admit();
  assert.equal(later, 1);
  assert.throws(() => mock.timers.tick(1), /mine/);
});

test("a listener can be taken away", async () => {
  start();
  const heard = [];
  const off = client.on("state", ({ state }) => heard.push(state));
  off();
  await server.admit();
  assert.deepEqual(heard, []);
});

test("an error that answers nothing is told", async () => {
  start();
  const errors = [];
  client.on("error", (error) => errors.push(error.code));
  await server.admit();
  server.socket.say({ type: "error", code: 1500, text: "oops", temporary: true });
  assert.deepEqual(errors, [1500]);
});

test("closed is closed", async () => {
  start();
  await server.admit();
  client.close();
  assert.equal(server.socket.closed, true);
  assert.equal(client.state, "closed");
  await assert.rejects(client.room("r").join(), /closed/);
  await assert.rejects(client.room("r").send(1), /closed/);
  await assert.rejects(client.room("r").history(), /closed/);
  await pass(60_000);
  assert.equal(server.sockets.length, 1);
});

test("another name is said at once, and from then on", async () => {
  start({ name: "ada", token: () => "t" });
  await server.admit();
  await client.identify({ name: "grace" });
  const { name, token } = server.socket.answer("connect");
  assert.deepEqual([name, token], ["grace", "t"]);
  assert.equal(client.state, "connected");
  server.socket.end();
  await pass(600);
  server.socket.open();
  assert.equal(server.socket.heard[0].name, "grace");
});
