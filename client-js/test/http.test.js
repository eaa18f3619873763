import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { connect } from "../src/roomcast.js";
import { goOn, Http, pass, Server, settled, stopTime } from "./fakes.js";

const EVENTS = "/v1/rooms/room%201/events";
const MESSAGES = "/v1/rooms/room%201/messages";

let http;
let client;
let room;
let heard;
let gaps;

beforeEach(() => {
  stopTime();
  http = new Http();
});

afterEach(() => {
  client.close();
  goOn();
});

async function start(options) {
  client = connect("https://chat.example/", { transport: "http", fetch: http.fetch, ...options });
  room = client.room("room 1");
  heard = [];
  gaps = [];
  room.on("message", ({ message }) => heard.push(message));
  room.on("gap", (gap) => gaps.push(gap));
  await http.live();
}

test("a room is a stream, and sending a request", async () => {
  await start({ token: "t" });
  assert.deepEqual([client.state, client.transport], ["connected", "http"]);
  const joining = room.join();
  const stream = await http.joins(EVENTS);
  await joining;
  assert.deepEqual(stream.headers, { authorization: "Bearer t" });
  await stream.message({ n: 1 });
  assert.deepEqual(heard, [{ n: 1 }]);

  const sending = room.send("hi");
  const post = await http.next(MESSAGES);
  assert.deepEqual([post.method, post.body, post.headers["content-type"], post.headers.authorization], ["POST", '"hi"', "application/json", "Bearer t"]);
  assert.match(post.headers["idempotency-key"], /^rc-/);
  post.answer(200, { type: "sent", room: "room 1", epoch: "e", offset: 5 });
  assert.equal((await sending).offset, 5);
});

test("events come whole, however they are cut", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS);
  const text = 'data: {"type":"message","room":"room 1","message":"ä1"}\n\n:\n\ndata: {"type":"message","room":"room 1","message":2}\n\n';
  for (const byte of new TextEncoder().encode(text)) stream.stream.enqueue(new Uint8Array([byte]));
  await settled();
  assert.deepEqual(heard, ["ä1", 2]);
});

test("it comes back with its position", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS, "id: e:7\n\n");
  assert.deepEqual([room.epoch, room.offset], ["e", 7]);
  await stream.message("eight", 8);
  stream.stream.close();
  await settled();
  assert.equal(client.state, "waiting");
  await pass(600);
  await http.live();
  const again = await http.joins(EVENTS, 'id: e:8\ndata: {"type":"subscribed","room":"room 1","epoch":"e","offset":8,"recovered":true}\n\n');
  assert.equal(again.headers["last-event-id"], "e:8");
  await again.message("eight", 8);
  await again.message("nine", 9);
  assert.deepEqual(heard, ["eight", "nine"]);
  assert.deepEqual(gaps, []);
});

test("what cannot be recovered is a gap, with a log and without", async () => {
  await start();
  room.join();
  (await http.joins(EVENTS)).stream.close();
  await settled();
  await pass(600);
  await http.live();
  const stream = await http.joins(EVENTS, "id: e:7\n\n");
  assert.equal(gaps.length, 1);
  stream.stream.close();
  await settled();
  await pass(1_100);
  await http.live();
  await http.joins(EVENTS, 'id: f:2\ndata: {"type":"subscribed","room":"room 1","epoch":"f","offset":2,"recovered":false}\n\n');
  assert.equal(gaps.length, 2);
  assert.deepEqual([room.epoch, room.offset], ["f", 2]);
});

test("a log that begins anew is known by its epoch", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS, "id: e:7\n\n");
  stream.say('id: f:1\ndata: {"type":"message","room":"room 1","message":"new","offset":1}\n\n');
  await settled();
  assert.deepEqual(heard, ["new"]);
  assert.deepEqual([room.epoch, room.offset], ["f", 1]);
});

test("an own message that is not to be heard is not", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS);
  const sending = [room.send("silent", { echo: false }), room.send("loud")];
  const silent = await http.next(MESSAGES);
  await stream.message("silent", 0, { key: silent.headers["idempotency-key"] });
  silent.answer(200, { type: "sent" });
  const loud = await http.next(MESSAGES);
  await stream.message("loud", 0, { key: loud.headers["idempotency-key"] });
  assert.deepEqual(heard, ["loud"]);
  loud.answer(200, { type: "sent" });
  await Promise.all(sending);
});

test("errors are as over a WebSocket: some are tried again, with the same key, others are told", async () => {
  await start();
  const sending = room.send(1);
  const first = await http.next(MESSAGES);
  first.answer(503, { code: 1503, error: "unavailable", detail: "away" });
  await settled();
  await pass(1_600);
  const second = await http.next(MESSAGES);
  assert.equal(second.headers["idempotency-key"], first.headers["idempotency-key"]);
  second.answer(413, { code: 1413, error: "too_large", detail: "too large" });
  await assert.rejects(sending, { code: 1413, message: "too large", temporary: false });

  const late = room.send(2);
  (await http.next(MESSAGES)).answer(429, { code: 1429, detail: "slower" }, { "retry-after": "9" });
  await settled();
  await pass(9_600);
  (await http.next(MESSAGES)).answer(200, { type: "sent" });
  await late;

  const joining = room.join();
  (await http.next(EVENTS)).answer(422, { code: 1422, detail: "no such name" });
  await assert.rejects(joining, { code: 1422 });
});

test("a request that is lost is made again on the next connection", async () => {
  await start();
  const sending = room.send(1);
  const first = await http.next(MESSAGES);
  first.resolve(Promise.reject(new TypeError("network")));
  await settled();
  assert.equal(client.state, "waiting");
  await pass(600);
  await http.live();
  const second = await http.next(MESSAGES);
  assert.equal(second.headers["idempotency-key"], first.headers["idempotency-key"]);
  second.answer(200, { type: "sent" });
  await sending;
});

test("leaving ends the stream, and nothing else", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS);
  await room.leave();
  assert.equal(stream.aborted, true);
  await settled();
  assert.equal(client.state, "connected");
  room.join();
  const again = await http.joins(EVENTS);
  await again.message("back");
  assert.deepEqual(heard, ["back"]);
});

test("closing ends all requests", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS);
  client.close();
  assert.equal(stream.aborted, true);
});

test("a stream that goes silent is given up", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS);
  await pass(25_000);
  stream.say(":\n\n");
  await pass(9_000);
  assert.equal(stream.aborted, undefined);
  while (!stream.aborted) {
    if (http.requests[0]?.path === "/live") await http.live();
    await pass(1_000);
  }
  assert.equal(client.transport, "http");
});

test("what the server says at the end is heard", async () => {
  await start();
  room.join();
  const stream = await http.joins(EVENTS);
  stream.say('event: disconnect\ndata: {"type":"disconnect","code":1001,"text":"server is shutting down","reconnect":true,"after":9000}\n\n');
  stream.stream.close();
  await settled();
  assert.equal(client.error.message, "server is shutting down");
  assert.equal(client.retryAt - Date.now(), 9_000);
});

test("history and presence are requests", async () => {
  await start();
  const history = room.history({ since: { epoch: "e:1", offset: 3 }, limit: 5 });
  (await http.next("/v1/rooms/room%201/history?limit=5&since=e%3A1%3A3")).answer(200, { type: "history", messages: [], more: false });
  assert.equal((await history).more, false);
  const counts = room.presence({ counts: true });
  (await http.next("/v1/rooms/room%201/members?counts=1")).answer(200, { type: "presence", count: 2, sessions: 3 });
  assert.equal((await counts).sessions, 3);
  const none = assert.rejects(room.presence({ after: "ä" }), { code: 1501, temporary: false });
  (await http.next("/v1/rooms/room%201/members?after=%C3%A4")).answer(501, { code: 1501, detail: "the room shows no presence" });
  await none;
});

test("what only a WebSocket can do is refused in words", async () => {
  await start();
  await assert.rejects(room.join({ last: 3 }), { code: 1501, message: /needs a WebSocket/ });
});

test("where WebSockets fail although the server answers, it goes over to HTTP; and back when they work again", async () => {
  const server = new Server();
  client = connect("wss://chat.example/ws", { WebSocket: server.WebSocket, fetch: http.fetch });
  for (let i = 0; i < 2; i++) {
    await settled();
    assert.equal(client.transport, "websocket");
    server.socket.end(1006);
    await http.live();
    await pass(client.retryAt - Date.now());
  }
  await http.live();
  assert.deepEqual([client.state, client.transport, server.sockets.length], ["connected", "http", 2]);
  room = client.room("room 1");
  room.join();
  (await http.joins(EVENTS)).stream.close();
  await settled();
  await pass(client.retryAt - Date.now());
  assert.equal(client.transport, "websocket");
  await server.admit();
  assert.equal(client.state, "connected");
});

test("where the server does not answer at all, it stays with WebSockets", async () => {
  const server = new Server();
  client = connect("wss://chat.example/chat/ws", { WebSocket: server.WebSocket, fetch: http.fetch });
  for (let i = 0; i < 4; i++) {
    await settled();
    assert.equal(client.transport, "websocket");
    server.socket.end(1006);
    (await http.next("/chat/live")).resolve(Promise.reject(new TypeError("network")));
    await pass(client.retryAt - Date.now());
  }
});

test("without a WebSocket it says what to do", () => {
  client = { close() {} };
  const { WebSocket } = globalThis;
  try {
    delete globalThis.WebSocket;
    assert.throws(() => connect("ws://chat.example"), /there is no WebSocket here: give one in the options/);
  } finally {
    if (WebSocket) globalThis.WebSocket = WebSocket;
  }
});

test("a URL that is none is an error", () => {
  client = { close() {} };
  assert.throws(() => connect("nonsense", { transport: "http" }), TypeError);
});
