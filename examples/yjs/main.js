// One text that everybody writes in: Yjs merges, the room carries.
import { Doc } from "yjs";
import { open } from "../common.js";
import { share } from "./provider.js";

const client = open();
const doc = new Doc();
const text = doc.getText("text");
const area = document.querySelector("#text");

/** What was typed, as one replacement between what begins and what ends the same. */
function typed() {
  const before = text.toString();
  const after = area.value;
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  doc.transact(() => {
    text.delete(start, before.length - end - start);
    text.insert(start, after.slice(start, after.length - end));
  });
}

/** Shows the text, with the caret where it was among its neighbours. */
function show(event) {
  let caret = area.selectionStart;
  let at = 0;
  for (const { retain = 0, insert = "", delete: gone = 0 } of event.delta) {
    at += retain;
    if (at <= caret) caret += insert.length - Math.min(gone, caret - at);
    at += insert.length;
  }
  area.value = text.toString();
  area.setSelectionRange(caret, caret);
}

text.observe((event) => event.transaction.local || show(event));
area.addEventListener("input", typed);
await share(client.room("doc:one"), doc);
