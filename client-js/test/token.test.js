import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { goOn, pass, Server, settled, stopTime } from "./fakes.js";

let server;
let client;
let asked;

beforeEach(() => {
  stopTime();
  server = new Server();
  asked = 0;
});

afterEach(() => {
  client.close();
  goOn();
});

/** A token that ends after so many seconds; its number is its signature. */
function token(seconds) {
  asked++;
  return `h.${Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + seconds, sub: "ü?>" })).toString("base64url")}.${asked}`;
}

function numberOf({ token: text }) {
  return text.split(".")[2];
}

test("a token is asked for each connection", async () => {
  client = server.connect({ token: async () => token(3_600) });
  await server.admit();
  server.socket.end();
  await pass(600);
  server.socket.open();
  assert.equal(numberOf(server.socket.heard[0]), "2");
});

test("it is renewed before it ends, on the same connection", async () => {
  client = server.connect({ token: () => token(100) });
  (await server.admit()).lively = true;
  await pass(79_000);
  assert.deepEqual(server.socket.heard, []);
  await pass(1_500);
  assert.equal(numberOf(server.socket.answer("refresh")), "2");
  await pass(78_000);
  assert.deepEqual(server.socket.heard, []);
  await pass(2_500);
  assert.equal(numberOf(server.socket.next("refresh")), "3");
  assert.equal(server.sockets.length, 1);
});

test("a renewal that fails is tried again", async () => {
  client = server.connect({ token: () => {
    if (asked === 1 || asked === 2) throw new Error(`down, ${++asked}`);
    return token(100);
  } });
  (await server.admit()).lively = true;
  await pass(99_500);
  server.socket.answer("refresh");
  assert.equal(asked, 4);
});

test("a renewal that is refused is tried again", async () => {
  client = server.connect({ token: () => token(100) });
  (await server.admit()).lively = true;
  await pass(80_500);
  server.socket.refuse("refresh", 1401);
  await pass(17_000);
  assert.equal(numberOf(server.socket.next("refresh")), "3");
});

test("a token source that fails is no end", async () => {
  client = server.connect({ token: async () => {
    if (!asked++) throw new Error("the token service is down");
    return "t";
  } });
  await settled();
  assert.deepEqual([client.state, client.error.message], ["waiting", "the token service is down"]);
  await pass(600);
  await server.admit();
  assert.equal(client.state, "connected");
});

test("a wrong token is final when it is a fixed one", async () => {
  client = server.connect({ token: "t" });
  await settled();
  server.socket.open();
  server.socket.refuse("connect", 1401);
  assert.deepEqual([client.state, client.error.message], ["closed", "error 1401"]);
});

test("a wrong token is replaced once, and then it is final", async () => {
  client = server.connect({ token: () => token(100) });
  await settled();
  server.socket.open();
  server.socket.refuse("connect", 1401);
  await settled();
  assert.equal(numberOf(server.socket.heard[0]), "2");
  server.socket.refuse("connect", 1401);
  await settled();
  assert.deepEqual([client.state, client.error.code, server.sockets.length], ["closed", 1401, 1]);
});

test("another token may be good", async () => {
  client = server.connect({ token: () => token(100) });
  for (let i = 0; i < 3; i++) {
    await settled();
    server.socket.open();
    server.socket.refuse("connect", 1401);
    await settled();
    server.socket.answer("connect");
    assert.equal(client.state, "connected");
    server.socket.end();
    await pass(client.retryAt - Date.now());
  }
});

test("a connection that ends with its token comes back with another, each time", async () => {
  client = server.connect({ token: () => token(100) });
  for (let i = 1; i <= 3; i++) {
    await server.admit();
    server.socket.say({ type: "disconnect", code: 4501, text: "the token has expired", reconnect: false });
    server.socket.end(4501);
    assert.equal(client.state, "waiting");
    await pass(client.retryAt - Date.now());
  }
});

test("what is refused for want of a token is sent again when there is one", async () => {
  client = server.connect({ token: () => token(100) });
  await server.admit();
  const sending = client.room("r").send(1);
  const joining = client.room("r").join();
  server.socket.refuse("sendMessage", 1401);
  await settled();
  assert.equal(numberOf(server.socket.heard[1]), "2");
  server.socket.refuse("SUBSCRIBE", 1401);
  server.socket.answer("refresh");
  await pass(2_000);
  server.socket.answer("refresh");
  server.socket.answer("SUBSCRIBE");
  server.socket.answer("sendMessage");
  await sending;
  await joining;
});

test("a token that does not say when it ends is left as it is", async () => {
  client = server.connect({ token: () => `opaque ${++asked}` });
  await server.admit();
  await pass(24_000);
  assert.equal(asked, 1);
});

test("a room may have a token of its own, asked for each join, and again when it is over", async () => {
  client = server.connect();
  await server.admit();
  const room = client.room("desk");
  let turn = 0;
  room.join({ last: 3, token: async () => {
    if (turn === 2) throw new Error(`none for now ${turn++}`);
    return `t${turn++}`;
  } }).catch(() => {});
  await settled();
  const first = server.socket.answer("SUBSCRIBE");
  assert.deepEqual([first.token, first.last], ["t0", 3]);
  server.socket.say({ type: "unsubscribed", room: "desk", code: 2001, text: "no longer allowed" });
  await settled();
  const second = server.socket.answer("SUBSCRIBE");
  assert.deepEqual([second.token, second.last, room.state], ["t1", undefined, "joined"]);
  server.socket.end();
  await pass(600);
  await server.admit();
  assert.deepEqual(server.socket.heard, [], "no token yet");
  await pass(1_100);
  assert.equal(server.socket.answer("SUBSCRIBE").token, "t3");
  server.socket.say({ type: "unsubscribed", room: "desk", code: 2000, text: "removed by the server" });
  await settled();
  assert.deepEqual([room.state, room.error.code], ["left", 2000]);
});

test("a room's token that comes too late is not used", async () => {
  client = server.connect();
  await server.admit();
  let give;
  const joining = client.room("desk").join({ token: () => new Promise((resolve) => (give = resolve)) });
  client.room("desk").leave();
  server.socket.answer("UNSUBSCRIBE");
  await assert.rejects(joining, /left/);
  give("late");
  await settled();
  assert.deepEqual(server.socket.heard, []);
});
