// Wires the operator's page: asks the server API every two seconds, and the views show what it says.

import { byId } from "/console/dom.js";
import { NodesView } from "/console/nodes-view.js";
import { OperatorApi } from "/console/operator-api.js";
import { RoomListView } from "/console/room-list-view.js";
import { SessionsView } from "/console/sessions-view.js";
import { TailView } from "/console/tail-view.js";
import { TrafficView } from "/console/traffic-view.js";

const EVERY_MS = 2_000;

const api = new OperatorApi(askForKey);
const nodes = new NodesView();
const traffic = new TrafficView();
const tail = new TailView(api);
const rooms = new RoomListView(api, (room) => tail.follow(room));
new SessionsView(api);

/** @param {string} text why */
function askForKey(text) {
  const form = byId("key");
  byId("key-text").textContent = text;
  if (form.hidden) {
    form.hidden = false;
    byId("key-value").focus();
  }
  byId("panels").inert = true;
}

/** @param {"connected"|"waiting"|"unauthorized"} phase @param {string} text */
function show(phase, text) {
  const state = byId("state");
  if (state.textContent !== text) {
    state.textContent = text; // Only a change is read out.
  }
  state.dataset.phase = phase;
}

async function refresh() {
  try {
    nodes.show(await api.get("cluster"));
    await rooms.refresh();
    traffic.show(await api.metrics());
    byId("key").hidden = true;
    byId("panels").inert = false;
    show("connected", "Live");
  } catch (error) {
    const [phase, short] = error.status === 401 ? ["unauthorized", "Needs a key"] : ["waiting", `Not up to date: ${error.message}`];
    show(phase, short);
  }
}

async function keepUp() {
  if (document.visibilityState === "visible") {
    await refresh();
  }
  setTimeout(keepUp, EVERY_MS);
}

byId("key").addEventListener("submit", (event) => {
  event.preventDefault();
  api.key = byId("key-value").value.trim();
  byId("key-value").value = "";
  refresh();
});

keepUp();
