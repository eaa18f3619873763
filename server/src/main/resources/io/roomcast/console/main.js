// Wires the page: what a person does goes to the connection, what comes back to the store, and the
// views show the store.

import { ComposerView } from "/console/composer-view.js";
import { byId, soon } from "/console/dom.js";
import { Link } from "/console/link.js";
import { recall, recallToken, remember, rememberToken } from "/console/memory.js";
import { RoomsView } from "/console/rooms-view.js";
import { StateView } from "/console/state-view.js";
import { Store } from "/console/store.js";
import { StreamView } from "/console/stream-view.js";
import { WelcomeView } from "/console/welcome-view.js";
import { gapText, problemText } from "/console/words.js";

const STATUS_TEXT = {
  joining: "joining …",
  joined: "",
  refused: "not joined",
  removed: "the server took you out of this room",
};

const kept = recall();
let name = kept.name;

const store = new Store();
const link = new Link({ name, token: recallToken() });

const stateView = new StateView({
  retry: () => link.retry(),
  token: (token) => {
    rememberToken(token);
    link.identify({ token });
  },
});
new RoomsView(store, { join: (room) => join(room), leave: (room) => leave(room) });
new WelcomeView(store);
new StreamView(store);
new ComposerView(store, { send, rename }, name);

/** @param {string} room */
function join(room) {
  store.add(room);
  link.join(room);
  location.hash = encodeURIComponent(room);
  showHashRoom();
}

/** @param {string} room */
function leave(room) {
  link.leave(room);
  store.remove(room);
  history.replaceState(null, "", store.shown ? `#${encodeURIComponent(store.shown)}` : location.pathname);
}

/**
 * @param {any} value
 * @returns {Promise<boolean>} whether it was sent
 */
async function send(value) {
  const room = store.shown;
  if (!link.connected) {
    store.remark(room, "note", "This is sent when the connection is back");
  }
  try {
    await link.send(room, value);
    return true;
  } catch (error) {
    store.remark(room, "problem", problemText("Not sent", error));
    return false;
  }
}

/** @param {string} newName */
function rename(newName) {
  name = newName;
  link.identify({ name });
  save();
}

/** The address names the room, so that it can be shared. */
function showHashRoom() {
  const room = hashRoom();
  if (room && room !== store.shown) {
    store.add(room);
    link.join(room);
    store.show(room);
  }
}

function hashRoom() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function save() {
  const rooms = [...store.rooms.values()].filter((room) => room.status !== "refused");
  remember({ name, rooms: rooms.map((room) => room.name), shown: store.shown });
}

function showHead() {
  const room = store.shownRoom;
  byId("room-head").hidden = !room;
  byId("room-head").classList.toggle("has-status", room !== undefined && room.status !== "joined");
  byId("room-name").textContent = room?.name ?? "";
  byId("room-status").textContent = room ? STATUS_TEXT[room.status] : "";
  byId("rejoin").hidden = room?.status !== "refused" && room?.status !== "removed";
}

link.on("phase", (phase) => stateView.show(phase));
link.on("message", ({ room, message, from, own }) => {
  store.message(room, { value: message, from: from ?? "", own: own === true }, document.visibilityState === "visible");
});
link.on("gap", (gap) => store.remark(gap.room, "gap", gapText(gap)));
link.on("error", (error) => stateView.problem(problemText("The server refused", error)));
link.on("room", ({ room, status, error }) => {
  store.add(room); // Unless it is there: the server may have let us in.
  store.setStatus(room, status);
  if (error) {
    const what = status === "removed" ? `Removed from ${room}` : "Not joined";
    store.remark(room, "problem", problemText(what, error));
  }
});

const changed = soon(() => {
  showHead();
  save();
});
store.on("rooms", changed);
store.on("shown", changed);
byId("rejoin").addEventListener("click", () => link.join(store.shown));

addEventListener("hashchange", showHashRoom);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    store.read();
  }
});

for (const room of kept.rooms) {
  store.add(room);
  link.join(room);
}
store.show("");
if (!location.hash && kept.rooms.includes(kept.shown)) {
  history.replaceState(null, "", `#${encodeURIComponent(kept.shown)}`);
}
showHashRoom();
link.open();
