import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { goOn, pass, Server, settled, stopTime } from "./fakes.js";

let server;
let client;
let room;

beforeEach(() => {
  stopTime();
  server = new Server();
});

afterEach(() => {
  client.close();
  goOn();
});

function start(options) {
  client = server.connect(options);
  room = client.room("room1");
}

/** What became of each call, in the order in which it did. */
function outcomes(...calls) {
  const told = [];
  calls.forEach((call, i) => call.then(() => told.push(`${i} sent`), (error) => told.push(`${i} ${error.message}`)));
  return told;
}

async function comeBack() {
  await pass(client.retryAt - Date.now());
  await server.admit();
}

test("what is sent without a connection is kept, and sent in order, one after the other", async () => {
  start();
  const told = outcomes(room.send(1), room.send(2), room.send(3));
  await server.admit();
  assert.equal(server.socket.heard.length, 1);
  const keys = [1, 2, 3].map((message) => {
    const command = server.socket.answer("sendMessage");
    assert.equal(command.message, message);
    assert.match(command.key, /^rc-\w+-\d+$/);
    return command.key;
  });
  assert.equal(new Set(keys).size, 3);
  await settled();
  assert.deepEqual(told, ["0 sent", "1 sent", "2 sent"]);
});

test("rooms do not wait for one another", async () => {
  start();
  await server.admit();
  outcomes(room.send(1), room.send(2), client.room("room2").send(3));
  assert.deepEqual(server.socket.heard.map(({ message }) => message), [1, 3]);
});

test("what was not answered is sent again with the same key, before what comes after", async () => {
  start();
  await server.admit();
  const told = outcomes(room.send(1), room.send(2));
  const first = server.socket.next("sendMessage");
  server.socket.end();
  await comeBack();
  assert.deepEqual({ ...server.socket.answer("sendMessage"), id: 0 }, { ...first, id: 0 });
  assert.equal(server.socket.answer("sendMessage").message, 2);
  await settled();
  assert.deepEqual(told, ["0 sent", "1 sent"]);
});

test("rooms are joined before what was kept is sent", async () => {
  start();
  room.join();
  outcomes(room.send(1));
  await server.admit();
  assert.deepEqual(server.socket.heard.map(({ type }) => type), ["SUBSCRIBE", "sendMessage"]);
});

test("a temporary error is tried again, and what comes after waits", async () => {
  start();
  await server.admit();
  const told = outcomes(room.send(1), room.send(2));
  for (let i = 0; i < 3; i++) {
    server.socket.refuse("sendMessage", 1503, true);
    assert.deepEqual(server.socket.heard, []);
    await pass(5_000);
  }
  assert.equal(server.socket.answer("sendMessage").message, 1);
  assert.equal(server.socket.answer("sendMessage").message, 2);
  await settled();
  assert.deepEqual(told, ["0 sent", "1 sent"]);
});

test("what may be sent again later waits as long as the server says", async () => {
  start();
  await server.admit();
  const sending = room.send(1);
  server.socket.refuse("sendMessage", 1429, true, 9_000);
  await pass(8_900);
  assert.deepEqual(server.socket.heard, []);
  await pass(700);
  server.socket.answer("sendMessage");
  await sending;
  const once = room.send(2, { keep: false });
  server.socket.refuse("sendMessage", 1429, true, 9_000);
  await assert.rejects(once, { code: 1429, temporary: true, after: 9_000 });
});

test("an error for good is told, and what comes after is sent", async () => {
  start();
  await server.admit();
  const told = outcomes(room.send(1), room.send(2));
  server.socket.refuse("sendMessage", 1403);
  server.socket.answer("sendMessage");
  await settled();
  assert.deepEqual(told, ["0 error 1403", "1 sent"]);
});

test("the answer is what the server said", async () => {
  start();
  await server.admit();
  const sending = room.send({ deep: [1] }, { key: "k", echo: false });
  const command = server.socket.answer("sendMessage", { epoch: "e", offset: 3 });
  assert.deepEqual([command.message, command.key, command.echo], [{ deep: [1] }, "k", false]);
  assert.equal((await sending).offset, 3);
});

test("a message is sent as it was when it was given", async () => {
  start();
  const message = { n: 1 };
  outcomes(room.send(message));
  message.n = 2;
  await server.admit();
  assert.deepEqual(server.socket.heard[0].message, { n: 1 });
});

test("it gives up after its patience, and says whether it may have been sent", async () => {
  start({ patience: 3_000 });
  const told = outcomes(room.send(1));
  await pass(2_000);
  await server.admit();
  outcomes(room.send(2)).push(); // Stays unanswered too.
  await pass(1_100);
  assert.deepEqual(told, ["0 there was no answer within 3 s; it may have been carried out"]);
  server.socket.next("sendMessage");
  assert.equal(server.socket.next("sendMessage").message, 2, "what comes after goes on");
  server.socket.end();
  const later = outcomes(room.send(3));
  await pass(3_100);
  assert.deepEqual(later, ["0 there was no answer within 3 s, and nothing was sent"]);
});

test("a late answer to what was given up is of no interest", async () => {
  start({ patience: 1_000 });
  await server.admit();
  const told = outcomes(room.send(1));
  const { id } = server.socket.next("sendMessage");
  await pass(1_100);
  const next = outcomes(room.send(2));
  server.socket.say({ type: "sent", id, room: "room1" });
  await settled();
  assert.equal(told.length, 1);
  assert.deepEqual(next, []);
  next.push(outcomes(room.send(3)));
  assert.equal(server.socket.answer("sendMessage").message, 2);
  assert.equal(server.socket.heard.length, 1, "the third had to wait for the second");
  await settled();
  assert.equal(next[1], "0 sent");
});

test("no more wait than the limit", async () => {
  start({ limit: 2 });
  const told = outcomes(room.send(1), room.send(2), room.send(3));
  await settled();
  assert.deepEqual(told, ["2 2 calls are waiting already"]);
  await server.admit();
  server.socket.answer("sendMessage");
  await settled();
  outcomes(room.send(4));
  server.socket.answer("sendMessage");
  assert.equal(server.socket.next("sendMessage").message, 4);
});

test("what is too large for the server is not sent: it would end the connection", async () => {
  start();
  await server.admit();
  await assert.rejects(room.send("ä".repeat(33_000)), { code: 1413, temporary: false });
  await assert.rejects(room.send("x".repeat(66_000), { keep: false }), { code: 1413 });
  outcomes(room.send("x".repeat(65_000)));
  assert.equal(server.socket.heard.length, 1);
});

test("what is nested too deep is not sent: the server would not say which it was", async () => {
  start();
  await server.admit();
  const nested = (levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  await assert.rejects(room.send(nested(64)), { code: 1400, temporary: false });
  outcomes(room.send(nested(63)));
  assert.equal(server.socket.heard.length, 1);
});

test("what cannot be JSON is rejected", async () => {
  start();
  await assert.rejects(room.send(10n), TypeError);
});

test("closing rejects what waits, sent or not", async () => {
  start();
  await server.admit();
  const told = outcomes(room.send(1), room.send(2), room.history());
  client.close();
  await settled();
  assert.deepEqual(told, ["0 the client was closed", "1 the client was closed", "2 the client was closed"]);
});

test("a final end rejects what waits with its reason", async () => {
  start();
  await server.admit();
  const told = outcomes(room.send(1));
  server.socket.end(4500, "too many errors");
  await settled();
  assert.deepEqual(told, ["0 too many errors"]);
});

test("what is not to be kept is sent at once or not at all, without a key", async () => {
  start();
  await assert.rejects(room.send("early", { keep: false }), { temporary: true });
  await server.admit();
  const told = outcomes(room.send(1), room.send(2, { keep: false }), room.send(3, { keep: false }));
  assert.deepEqual(server.socket.heard.map(({ message, key }) => [message, key?.slice(0, 3)]), [[1, "rc-"], [2, undefined], [3, undefined]]);
  server.socket.end();
  await settled();
  assert.deepEqual(told.map((text) => text.slice(0, 10)), ["1 there is", "2 there is"]);
  await comeBack();
  assert.deepEqual(server.socket.heard.map(({ message }) => message), [1]);
});
