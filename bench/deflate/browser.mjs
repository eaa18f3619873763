// The same in Chromium, which offers what it always offers. Usage: node browser.mjs PORT, of an
// EchoServer with deflate. What the server sends is looked at on its way: it must be compressed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../peers/node/", import.meta.url));
const { WebSocket } = require("ws");

const SIZES = [0, 1, 127, 128, 1000, 65535, 200_000];
const COMPRESSED_TEXT = 0xc1;

/** Passes bytes on to a port, and keeps what comes back. */
async function tap(port) {
  const back = [];
  const server = net.createServer((client) => {
    const upstream = net.connect(port, "127.0.0.1");
    client.pipe(upstream);
    upstream.on("data", (bytes) => back.push(bytes)).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: server.address().port, heard: () => Buffer.concat(back), close: () => server.close() };
}

/** First bytes and payload lengths of a server's frames. */
function frames(bytes) {
  const found = [];
  let at = bytes.indexOf("\r\n\r\n") + 4;
  while (at < bytes.length) {
    const first = bytes[at];
    let length = bytes[at + 1];
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    found.push({ first, length });
    at += length;
  }
  return found;
}

/** Runs in the page. */
function talk(url, sizes) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const sent = sizes.map((size, i) => {
      let text = "";
      for (let n = 0; text.length < size; n++) {
        text += `${(n * (i + 1)) % 97} room é ${n}; `;
      }
      return text.slice(0, size);
    });
    let heard = 0;
    let extensions = "";
    socket.onerror = () => reject(new Error("error"));
    socket.onopen = () => {
      extensions = socket.extensions;
      sent.forEach((message) => socket.send(message));
    };
    socket.onmessage = (event) => {
      if (event.data !== sent[heard++]) {
        reject(new Error(`message ${heard} is another`));
      } else if (heard === sent.length) {
        socket.close(1000);
      }
    };
    const bytes = sent.map((message) => new TextEncoder().encode(message).length);
    socket.onclose = (event) => resolve({ extensions, heard, bytes, code: event.code });
  });
}

/** Starts Chromium; gives a function that has it evaluate an expression in a page. */
async function browser(directory) {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"];
  for (const name of names) {
    const process = spawn(name, [...flags, `--user-data-dir=${directory}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = await new Promise((resolve) => {
      let text = "";
      process.on("error", () => resolve(""));
      process.on("exit", () => resolve(""));
      process.stderr.on("data", (bytes) => {
        text += bytes;
        const at = /DevTools listening on (ws:\S+)/.exec(text);
        if (at) {
          resolve(at[1]);
        }
      });
    });
    if (said) {
      return { process, port: new URL(said).port };
    }
  }
  throw new Error("no Chromium");
}

async function evaluate(port, expression) {
  const pages = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const page = new WebSocket(pages.find((p) => p.type === "page").webSocketDebuggerUrl);
  await once(page, "open");
  const params = { expression, awaitPromise: true, returnByValue: true };
  page.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params }));
  const [answer] = await once(page, "message");
  page.close();
  const { result } = JSON.parse(answer);
  if (result.exceptionDetails) {
    throw new Error(JSON.stringify(result.exceptionDetails));
  }
  return result.result.value;
}

const between = await tap(Number(process.argv[2]));
const directory = mkdtempSync(join(tmpdir(), "roomcast-chromium-"));
const chromium = await browser(directory);
let failed = 0;
try {
  const url = JSON.stringify(`ws://127.0.0.1:${between.port}/`);
  const told = await evaluate(chromium.port, `(${talk})(${url}, ${JSON.stringify(SIZES)})`);
  const messages = frames(between.heard()).filter((frame) => (frame.first & 0x0f) === 1);
  const compressed = messages.filter((frame) => frame.first === COMPRESSED_TEXT);
  // Shorter ones gain nothing.
  const large = told.bytes.filter((size) => size >= 128).length;
  const good =
    told.extensions.startsWith("permessage-deflate") &&
    told.heard === SIZES.length &&
    told.code === 1000 &&
    messages.length === SIZES.length &&
    compressed.length === large;
  failed = good ? 0 : 1;
  console.log(
    `1 combination, with ${told.extensions || "nothing"}: ${compressed.length} of ${messages.length} messages ` +
      `came compressed, ${failed} failed`,
  );
} finally {
  const gone = once(chromium.process, "exit");
  chromium.process.kill();
  await gone;
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  between.close();
}
process.exit(failed);
