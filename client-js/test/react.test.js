import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Window } from "happy-dom";
import { Server } from "./fakes.js";

const window = new Window();
const globals = { window, document: window.document, navigator: window.navigator, IS_REACT_ACT_ENVIRONMENT: true };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
const { act, createElement: h, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { useClientState, useRoom } = await import("../react.js");

let server;
let client;
let root;
let place;

beforeEach(() => {
  server = new Server();
  client = server.connect();
  place = window.document.createElement("div");
  root = createRoot(place);
});

afterEach(async () => {
  await act(() => root.unmount());
  client.close();
});

function Talk({ name, options }) {
  const { messages, entries, state, send } = useRoom(client, name, options);
  const texts = messages.map(({ message }) => message).join(",");
  return h("button", { onClick: () => send("clicked") }, `${useClientState(client)} ${state} ${texts} ${entries.length}`);
}

const show = (...children) => act(() => root.render(h(StrictMode, null, ...children)));
const connected = () => act(() => server.admit());
const say = (room, message) => act(() => server.socket.say({ type: "message", room, message }));

/** Answers joins and leaves until nothing is asked any more. */
function settle() {
  return act(() => {
    while (server.socket.heard.length) server.socket.answer(server.socket.heard[0].type);
  });
}

test("a component shows its room, from joining to what is said", async () => {
  await show(h(Talk, { name: "r" }));
  assert.equal(place.textContent, "connecting joining  0");
  await connected();
  await settle();
  assert.equal(place.textContent, "connected joined  0");
  await say("r", "one");
  await say("r", "two");
  assert.equal(place.textContent, "connected joined one,two 2");
  await act(() => place.querySelector("button").click());
  assert.equal(server.socket.answer("sendMessage").message, "clicked");
});

test("it follows its props, and keeps the newest", async () => {
  await show(h(Talk, { name: "r", options: { most: 2 } }));
  await connected();
  await settle();
  for (const n of [1, 2, 3]) await say("r", n);
  assert.equal(place.textContent, "connected joined 2,3 2");
  await show(h(Talk, { name: "s", options: { most: 2 } }));
  assert.deepEqual(new Set(server.socket.heard.map(({ type, room }) => `${type} ${room}`)), new Set(["UNSUBSCRIBE r", "SUBSCRIBE s"]));
  await settle();
  await say("s", "other");
  assert.equal(place.textContent, "connected joined other 1");
});

test("two components share a room; it is left with the last", async () => {
  await show(h(Talk, { key: 1, name: "r" }), h(Talk, { key: 2, name: "r" }));
  await connected();
  await settle();
  await show(h(Talk, { key: 1, name: "r" }));
  assert.equal(client.room("r").state, "joined");
  await show();
  assert.equal(client.room("r").state, "left");
});

test("a room that the application had joined stays joined", async () => {
  client.room("r").join().catch(() => {});
  await show(h(Talk, { name: "r" }));
  await show();
  assert.equal(client.room("r").state, "joining");
});

test("a gap is an entry, in its place", async () => {
  await show(h(Talk, { name: "r" }));
  await connected();
  await settle();
  await say("r", 1);
  await act(() => server.socket.say({ type: "gap", room: "r", since: 1, until: 2, reason: "broker" }));
  assert.equal(place.textContent, "connected joined 1 2");
});
