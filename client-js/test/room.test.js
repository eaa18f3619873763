import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { goOn, pass, Server, settled, stopTime } from "./fakes.js";

let server;
let client;
let room;
let heard;
let gaps;
let states;

beforeEach(() => {
  stopTime();
  server = new Server();
  client = server.connect();
  room = client.room("room1");
  heard = [];
  gaps = [];
  states = [];
  room.on("message", ({ message }) => heard.push(message));
  room.on("gap", (gap) => gaps.push(gap));
  room.on("state", ({ state }) => states.push(state));
});

afterEach(() => {
  client.close();
  goOn();
});

function say(message, more) {
  server.socket.say({ type: "message", room: "room1", message, ...more });
}

/** Joins, the server answering so. */
async function joined(reply) {
  await server.admit();
  const joining = room.join();
  server.socket.answer("SUBSCRIBE", reply);
  await joining;
}

async function comeBack() {
  await pass(client.retryAt - Date.now());
  await server.admit();
}

test("a room of one name is one object", () => {
  assert.equal(client.room("room1"), room);
  assert.notEqual(client.room("room2"), room);
});

test("a join waits for the connection, and is resolved by the server's answer", async () => {
  const joining = room.join();
  assert.equal(room.state, "joining");
  await server.admit();
  say("too early");
  const command = server.socket.answer("SUBSCRIBE", { epoch: "e", offset: 7 });
  assert.deepEqual(Object.keys(command), ["id", "type", "room"]);
  const { epoch, offset } = await joining;
  assert.deepEqual([epoch, offset, room.epoch, room.offset], ["e", 7, "e", 7]);
  say("in time", { offset: 8 });
  assert.deepEqual(heard, ["in time"]);
  assert.equal(room.offset, 8);
});

test("a second join is the same membership", async () => {
  await joined();
  assert.equal(room.join(), room.join());
  assert.deepEqual(server.socket.heard, []);
});

test("a join may begin in the past", async () => {
  room.join({ last: 3 });
  await server.admit();
  assert.equal(server.socket.heard[0].last, 3);
  server.socket.end();
  await comeBack();
  assert.equal(server.socket.next("SUBSCRIBE").last, 3, "the first had no answer");
});

test("it shows its position when it comes back, and what is recovered is no gap", async () => {
  await joined({ epoch: "e", offset: 7 });
  say("eight", { offset: 8 });
  server.socket.end();
  assert.equal(room.state, "joining");
  await comeBack();
  assert.deepEqual(server.socket.heard[0].since, { epoch: "e", offset: 8 });
  server.socket.answer("SUBSCRIBE", { epoch: "e", offset: 8, recovered: true });
  say("nine", { offset: 9 });
  assert.deepEqual(heard, ["eight", "nine"]);
  assert.deepEqual(gaps, []);
  assert.deepEqual(states, ["joining", "joined", "joining", "joined"]);
});

test("what cannot be recovered is a gap, from when the server was last heard", async () => {
  await joined({ epoch: "e", offset: 7 });
  await pass(1_000);
  say("eight", { offset: 8 });
  const last = Date.now();
  await pass(1_000);
  server.socket.end();
  await comeBack();
  server.socket.answer("SUBSCRIBE", { epoch: "f", offset: 2, recovered: false });
  assert.deepEqual(gaps, [{ type: "gap", room: "room1", since: last, until: Date.now(), reason: "connection" }]);
  say("three", { offset: 3 });
  assert.deepEqual(heard, ["eight", "three"]);
});

test("in a room without a log each loss of the connection is a gap, told once, however often it is tried", async () => {
  await joined();
  await pass(500);
  say("one");
  const last = Date.now();
  await pass(500);
  server.socket.end();
  await comeBack();
  assert.equal(server.socket.next("SUBSCRIBE").since, undefined);
  await pass(500);
  server.socket.end();
  assert.deepEqual(gaps, []);
  await comeBack();
  server.socket.answer("SUBSCRIBE");
  assert.deepEqual(gaps.map(({ since }) => since), [last]);
});

test("what comes twice is delivered once", async () => {
  await joined({ epoch: "e", offset: 7 });
  for (const offset of [8, 8, 9, 8, 7, 10, 10]) say(offset, { offset });
  assert.deepEqual(heard, [8, 9, 10]);
});

test("a message that stands in no log is delivered all the same", async () => {
  await joined({ epoch: "e", offset: 7 });
  say("foreign");
  say("eight", { offset: 8 });
  assert.deepEqual(heard, ["foreign", "eight"]);
});

test("a log that begins anew may begin with a smaller number", async () => {
  await joined({ epoch: "e", offset: 7 });
  server.socket.say({ type: "gap", room: "room1", since: 1, until: 2, reason: "log" });
  say("one", { offset: 1 });
  say("one again", { offset: 1 });
  say("two", { offset: 2 });
  assert.deepEqual(heard, ["one", "two"]);
  assert.equal(gaps.length, 1);
});

test("a repeat of another client's message is known by its key", async () => {
  await joined();
  for (const key of ["rc-ab-1", "rc-ab-2", "rc-ab-1", "rc-cd-1", "rc-ab-2", "rc-ab-3"]) say(key, { key });
  assert.deepEqual(heard, ["rc-ab-1", "rc-ab-2", "rc-cd-1", "rc-ab-3"]);
});

test("who joins anew may hear again what it heard before", async () => {
  await joined();
  say(1, { key: "rc-ab-1" });
  room.leave();
  server.socket.answer("UNSUBSCRIBE");
  room.join();
  server.socket.answer("SUBSCRIBE");
  say(1, { key: "rc-ab-1" });
  assert.deepEqual(heard, [1, 1]);
});

test("keys of the application are the server's affair", async () => {
  await joined();
  say(1, { key: "order-7" });
  say(2, { key: "order-7" });
  assert.deepEqual(heard, [1, 2]);
});

test("who sends knows its own messages", async () => {
  await joined();
  const own = [];
  room.on("message", (message) => own.push(message.own));
  room.send("mine");
  const { key } = server.socket.answer("sendMessage");
  say("mine", { key });
  say("another's", { key: "rc-zz-1" });
  say("nobody's");
  assert.deepEqual(own, [true, false, undefined]);
});

test("a join that fails for the moment is tried again", async () => {
  await server.admit();
  const joining = room.join();
  server.socket.refuse("SUBSCRIBE", 1503, true);
  await pass(1_100);
  server.socket.answer("SUBSCRIBE");
  await joining;
});

test("a join that may be tried again waits as long as the server says", async () => {
  await server.admit();
  const joining = room.join();
  server.socket.refuse("SUBSCRIBE", 1429, true, 7_000);
  await pass(6_900);
  assert.deepEqual(server.socket.heard, []);
  await pass(700);
  server.socket.answer("SUBSCRIBE");
  await joining;
});

test("a join that fails for good is rejected, and may be asked for again", async () => {
  await server.admit();
  const joining = room.join();
  server.socket.refuse("SUBSCRIBE", 1403);
  await assert.rejects(joining, { name: "RoomcastError", code: 1403, temporary: false });
  assert.equal(room.state, "left");
  assert.equal(room.error.code, 1403);
  const again = room.join();
  server.socket.answer("SUBSCRIBE");
  await again;
});

test("who is refused when it comes back is told", async () => {
  await joined();
  server.socket.end();
  await comeBack();
  server.socket.refuse("SUBSCRIBE", 1403);
  assert.deepEqual([room.state, room.error.code], ["left", 1403]);
});

test("who has left hears nothing, and is not joined again", async () => {
  await joined();
  const leaving = room.leave();
  say("after");
  server.socket.answer("UNSUBSCRIBE");
  await leaving;
  server.socket.end();
  await comeBack();
  assert.deepEqual(server.socket.heard, []);
  assert.deepEqual(heard, []);
});

test("an answer to a join that was given up is of no interest", async () => {
  await server.admit();
  const first = room.join();
  room.leave();
  await assert.rejects(first, /left/);
  const second = room.join();
  const { id } = server.socket.next("SUBSCRIBE");
  server.socket.next("UNSUBSCRIBE");
  server.socket.say({ type: "error", id, code: 1499, text: "cancelled", temporary: false });
  assert.equal(room.state, "joining");
  server.socket.answer("SUBSCRIBE");
  await second;
});

test("leaving without a connection is done at once", async () => {
  room.join().catch(() => {});
  await room.leave();
  await server.admit();
  assert.deepEqual(server.socket.heard, []);
});

test("the server may end a membership", async () => {
  await joined();
  server.socket.say({ type: "unsubscribed", room: "room1", code: 1403, text: "not any more" });
  assert.equal(room.state, "left");
  assert.equal(room.error.message, "not any more");
});

test("the server may let us in", async () => {
  await server.admit();
  const taken = [];
  client.on("room", ({ name, state }) => taken.push(`${name} ${state}`));
  server.socket.say({ type: "subscribed", room: "room1", epoch: "e", offset: 3 });
  server.socket.say({ type: "subscribed", room: "room2" });
  assert.deepEqual(taken, ["room1 joined", "room2 joined"]);
  say("four", { offset: 4 });
  assert.deepEqual(heard, ["four"]);
  server.socket.end();
  await comeBack();
  assert.deepEqual(server.socket.heard.map(({ since }) => since), [{ epoch: "e", offset: 4 }, undefined]);
});

test("joined and left tell of others", async () => {
  await joined();
  const seen = [];
  room.on("joined", ({ user }) => seen.push("+" + user));
  room.on("left", ({ user }) => seen.push("-" + user));
  server.socket.say({ type: "joined", room: "room1", user: "ada" });
  server.socket.say({ type: "left", room: "room1", user: "ada" });
  assert.deepEqual(seen, ["+ada", "-ada"]);
  assert.equal(room.state, "joined");
});

test("history and presence are asked again on the next connection", async () => {
  const history = room.history({ limit: 5 });
  const presence = room.presence({ counts: true });
  await server.admit();
  server.socket.next("history");
  server.socket.answer("presence", { users: 2 });
  server.socket.end();
  await comeBack();
  const { limit } = server.socket.answer("history", { messages: [], more: false });
  assert.equal(limit, 5);
  assert.equal((await history).more, false);
  assert.equal((await presence).users, 2);
});

test("a loop joins, gets each message, and ends when the room is left", async () => {
  const got = [];
  const loop = (async () => {
    for await (const { message } of room) got.push(message);
  })();
  await server.admit();
  server.socket.answer("SUBSCRIBE");
  await settled();
  say(1);
  say(2);
  await settled();
  say(3);
  room.leave();
  await loop;
  assert.deepEqual(got, [1, 2, 3]);
});

test("a loop that ends leaves nothing behind, and the room as it is", async () => {
  await joined();
  let listeners = 0;
  const { on } = room;
  room.on = (...args) => {
    const off = on.apply(room, args);
    listeners++;
    return () => off() && listeners--;
  };
  const loop = (async () => {
    for await (const { message } of room) if (message === 2) break;
  })();
  await settled();
  say(1);
  say(2);
  await loop;
  assert.equal(listeners, 0);
  assert.equal(room.state, "joined");
  say(3);
  assert.deepEqual(heard, [1, 2, 3]);
});

test("a loop throws when the room is not to be had, or the client is closed", async () => {
  await server.admit();
  const loop = async () => {
    for await (const message of room) assert.fail(message);
  };
  const refused = loop();
  server.socket.refuse("SUBSCRIBE", 1403);
  await assert.rejects(refused, { code: 1403 });
  const closed = loop();
  server.socket.answer("SUBSCRIBE");
  await settled();
  client.close();
  await assert.rejects(closed, /closed/);
});

test("a loop that is too slow is told", async () => {
  await joined();
  let next;
  const loop = (async () => {
    for await (const _ of room) await new Promise((resolve) => (next = resolve));
  })();
  const told = assert.rejects(loop, /slower than the room/);
  await settled();
  say(0);
  await settled();
  for (let i = 1; i < 1_100; i++) say(i);
  next();
  await told;
});
