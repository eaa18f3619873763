// A chat with history, and with who is here.
import { open } from "../common.js";

const PAGE = 20;
const client = open();
const room = client.room("chat:lobby");
const list = document.querySelector("#messages");
const earlier = document.querySelector("#earlier");
const members = new Set();
let oldest;

function line({ message, from, own }) {
  const item = document.createElement("li");
  const who = document.createElement("b");
  who.textContent = from ?? "somebody";
  item.className = own ? "own" : "";
  item.append(who, " ", message.text);
  return item;
}

function note(text) {
  const item = document.createElement("li");
  item.className = "gap";
  item.textContent = text;
  list.append(item);
}

function showMembers() {
  document.querySelector("#members").textContent = `Here: ${[...members].sort().join(", ")}`;
}

/** All who are here, page by page; what changes meanwhile is told by events, and comes after. */
async function loadMembers() {
  members.clear();
  let page;
  do {
    page = await room.presence({ after: page?.users.at(-1) });
    page.users.forEach((user) => members.add(user));
  } while (page.more);
  showMembers();
}

async function loadEarlier() {
  const { messages, more } = await room.history({ limit: PAGE, ...(oldest && { before: oldest }) });
  list.prepend(...messages.map(line));
  oldest = messages[0]?.offset ?? oldest;
  earlier.hidden = !more;
}

room.on("message", (message) => {
  oldest ??= message.offset;
  list.append(line(message));
});
room.on("gap", ({ since, until }) => {
  note(`Messages between ${new Date(since).toLocaleTimeString()} and ${new Date(until).toLocaleTimeString()} may be missing.`);
});
room.on("joined", ({ user }) => showMembers(members.add(user)));
room.on("left", ({ user }) => showMembers(members.delete(user)));
room.on("state", ({ state }) => state === "joined" && loadMembers().catch((error) => note(error.message)));

earlier.addEventListener("click", loadEarlier);
document.querySelector("#form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = document.querySelector("#text");
  const text = field.value.trim();
  field.value = "";
  if (text) await room.send({ text }).catch((error) => note(`Not sent: ${text} (${error.message})`));
});

// The newest first, and then all that is new; so nothing is there twice.
const { offset } = await room.join();
oldest = offset + 1;
await loadEarlier();
