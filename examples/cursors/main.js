// Live cursors: only the newest place of each is worth anything, so nothing is kept or repeated, and a slow reader skips.
import { open } from "../common.js";

const EVERY_MS = 40;

/** A cursor that says nothing for so long is gone. */
const GONE_MS = 10_000;
const client = open();
const room = client.room("cursors:one");
const field = document.querySelector("#field");
const cursors = new Map();
let place;

function show({ message: { x, y }, from }) {
  let cursor = cursors.get(from);
  if (!cursor) {
    cursor = document.createElement("span");
    cursor.className = "cursor";
    cursor.dataset.name = cursor.textContent = from;
    cursors.set(from, cursor);
    field.append(cursor);
  }
  clearTimeout(cursor.gone);
  cursor.gone = setTimeout(() => cursor.remove(cursors.delete(from)), GONE_MS);
  cursor.style.translate = `${x * field.clientWidth}px ${y * field.clientHeight}px`;
}

field.addEventListener("pointermove", (event) => {
  const { left, top, width, height } = field.getBoundingClientRect();
  place = { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
});

setInterval(() => {
  if (place) {
    room.send(place, { keep: false, echo: false }).catch(() => {}); // The next one comes soon.
    place = undefined;
  }
}, EVERY_MS);

room.on("message", show);
await room.join();
