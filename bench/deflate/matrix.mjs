// Messages of many sizes, both ways, through permessage-deflate with the client library `ws`, for every
// combination of what a client may offer. Usage: node matrix.mjs PORT, of an EchoServer with deflate.
import { createRequire } from "node:module";

const require = createRequire(new URL("../peers/node/", import.meta.url));
const { WebSocket } = require("ws");

const url = `ws://127.0.0.1:${process.argv[2]}/`;
const sizes = [0, 1, 127, 128, 1000, 65535, 200_000];

function* offers() {
  yield false;
  for (const server of [undefined, true, false]) {
    // Not false: a client that insists on its own context cannot have compression here.
    for (const client of [undefined, true]) {
      for (const serverBits of [undefined, 8, 12, 15]) {
        for (const clientBits of [undefined, true, 9, 12, 15]) {
          for (const threshold of [0, 1024]) {
            yield {
              serverNoContextTakeover: server,
              clientNoContextTakeover: client,
              serverMaxWindowBits: serverBits,
              clientMaxWindowBits: clientBits,
              threshold,
            };
          }
        }
      }
    }
  }
}

function text(size, seed) {
  let out = "";
  for (let i = 0; out.length < size; i++) {
    out += `${(i * seed) % 97} room é ${i}; `;
  }
  return out.slice(0, size);
}

function run(offer) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: offer, maxPayload: 1 << 24 });
    const sent = sizes.map((size, i) => text(size, i + 1));
    const timer = setTimeout(() => reject(new Error("nothing came")), 10_000);
    let heard = 0;
    socket.on("error", reject);
    socket.on("open", () => sent.forEach((message) => socket.send(message)));
    socket.on("message", (data) => {
      if (data.toString() !== sent[heard++]) {
        reject(new Error(`message ${heard} is another`));
      } else if (heard === sent.length) {
        clearTimeout(timer);
        const compressed = socket.extensions.includes("permessage-deflate");
        socket.on("close", (code) => (code === 1000 ? resolve(compressed) : reject(new Error(`closed with ${code}`))));
        socket.close(1000);
      }
    });
  });
}

let all = 0;
let compressed = 0;
let failed = 0;
for (const offer of offers()) {
  all++;
  try {
    const used = await run(offer);
    compressed += used ? 1 : 0;
    // The server has one size of window: whoever asks it for another is served without.
    if (used !== (offer !== false && (offer.serverMaxWindowBits ?? 15) === 15)) {
      throw new Error(used ? "compressed after all" : "not compressed");
    }
  } catch (error) {
    failed++;
    console.error(JSON.stringify(offer), error.message);
  }
}
console.log(`${all} combinations, ${compressed} with compression, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
