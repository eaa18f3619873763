// Runs what README.md shows, with the server whose URL is given (and which has the rule `kept:* log=100/1h presence`), as a reader
// would; what is in HTML is run by BrowserIT. Prints a line for each, and ends with 0 when all did what they say.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { Window } from "happy-dom";
import WebSocket from "ws";
import { connect } from "../roomcast.js";

const [url] = process.argv.slice(2);
const HERE = new URL("./", import.meta.url);
const SNIPPETS = [...readFileSync(new URL("../README.md", HERE), "utf8").matchAll(/^```(js|jsx)\n(.*?)^```/gms)]
  .map(([, language, code]) => ({ language, code: code.replace(/"wss?:\/\/[^"]*"/g, JSON.stringify(url)) }));

/** A module in this folder, from where the package finds itself by its name; gone when it has been used. */
async function asFile(code, use) {
  const file = new URL(`snippet-${process.pid}.mjs`, HERE);
  writeFileSync(file, code);
  try {
    return await use(file);
  } finally {
    rmSync(file);
  }
}

/** The program for Node prints what comes back. */
function program({ code }) {
  return asFile(code, (file) => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file.pathname], { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.once("data", (text) => {
      child.kill();
      /^It is \d{4}-/.test(text) ? resolve() : reject(new Error(`printed ${text}`));
    });
    child.once("exit", (status) => reject(new Error(`ended with ${status}`)));
  }));
}

/** The tour of the API: what it calls is written down. */
async function tour({ code }) {
  const calls = [];
  const names = ["show", "add", "addLine", "come", "go"];
  const stubs = names.map((name) => (detail) => calls.push([name, detail]));
  const inPage = (at, options) => connect(at, { ...options, WebSocket });
  const fetch = async () => new Response("a token");
  const other = connect(url, { WebSocket });
  await other.room("kept:chat").send({ text: "before" });
  const run = new (async () => {}).constructor("connect", "fetch", ...names, `${code}; return { messages, more, users, count };`);
  const { messages, more, users, count } = await run(inPage, fetch, ...stubs);
  other.close();
  assert.deepEqual(messages.map(({ message }) => message.text ?? message.x), ["before", "hi", 1]);
  assert.deepEqual([more, users, count], [false, ["ada"], 1]);
  const added = calls.filter(([name]) => name === "add").map(([, message]) => message.text ?? message.x);
  assert.deepEqual(added, ["before", "hi", 1]);
  assert.deepEqual(calls.filter(([name]) => name === "show").map(([, state]) => state), ["connected", "closed"]);
  assert.ok(calls.some(([name, user]) => name === "come" && user === "ada"));
}

/** The component shows what is said, and its button says something. */
async function component({ code }) {
  const window = new Window();
  const globals = { window, document: window.document, navigator: window.navigator };
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
  const { createRoot } = await import("react-dom/client");
  const { createElement } = await import("react");
  const compiled = transformSync(`${code}\nexport { Chat };`, { loader: "jsx", jsx: "automatic" }).code;
  const { Chat } = await asFile(compiled, (file) => import(file));
  const client = connect(url, { WebSocket });
  const place = window.document.createElement("div");
  createRoot(place).render(createElement(Chat, { client }));
  await until(() => place.querySelector("button")?.disabled === false);
  const before = place.querySelectorAll("p").length;
  place.querySelector("button").click();
  await until(() => place.querySelectorAll("p").length === before + 1);
  client.close();
}

async function until(condition) {
  for (const end = Date.now() + 10_000; !condition();) {
    if (Date.now() > end) throw new Error("it did not come true");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const RUNNERS = [program, tour, component];
assert.equal(SNIPPETS.length, RUNNERS.length, "each snippet has somebody who runs it");
for (const [i, run] of RUNNERS.entries()) {
  await run(SNIPPETS[i]);
  console.log(`ran: ${run.name}`);
}
process.exit(0);
