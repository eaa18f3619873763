// Shares a Yjs document over a room with a log: each change is a message, and who comes later reads the log. Who sends the
// five-hundredth sends the whole document too, so that the log always reaches back to one.
import { applyUpdate, encodeStateAsUpdate, encodeStateVector } from "yjs";

const WHOLE_EVERY = 500;

const encode = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const decode = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/**
 * @param {import("roomcast").Room} room joined by this, in a room with a log of more than WHOLE_EVERY messages
 * @param {import("yjs").Doc} doc
 * @returns {Promise<() => void>} when the document is there; ends the sharing
 */
export async function share(room, doc) {
  const update = ({ message }) => message.update && applyUpdate(doc, decode(message.update), room);
  async function send(message) {
    try {
      const { offset } = await room.send(message, { echo: false });
      if (offset % WHOLE_EVERY === 0) send({ update: encode(encodeStateAsUpdate(doc)) });
    } catch (error) {
      console.error(error.message);
    }
  }
  const offs = [
    room.on("message", (event) => {
      update(event);
      // Somebody may have missed something, and gets it from everybody: what is there already changes nothing.
      if (event.message.wanted) send({ update: encode(encodeStateAsUpdate(doc, decode(event.message.wanted))) });
    }),
    room.on("gap", () => send({ wanted: encode(encodeStateVector(doc)) })),
  ];
  const changed = (change, origin) => origin === room || send({ update: encode(change) });
  doc.on("update", changed);
  const { offset } = await room.join();
  let page = { more: true, messages: [{ offset: offset + 1 }] };
  while (page.more) {
    page = await room.history({ before: page.messages[0].offset, limit: 200 });
    page.messages.forEach(update);
  }
  return () => {
    offs.forEach((off) => off());
    doc.off("update", changed);
    room.leave();
  };
}
