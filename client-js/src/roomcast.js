// Rooms in real time: over WebSocket, or Server-Sent Events and POST where that is blocked.
// What each name promises is said in ../roomcast.d.ts.

import { Client } from "./client.js";
export { RoomcastError } from "./error.js";

export function connect(url = "/ws", options = {}) {
  if (!(options.WebSocket ?? globalThis.WebSocket) && options.transport !== "http") {
    throw new TypeError("there is no WebSocket here: give one in the options");
  }
  const { protocol, host, pathname, search } = new URL(url, globalThis.location?.href);
  const path = pathname === "/" ? "/ws" : pathname;
  const ws = `${protocol.replace("http", "ws")}//${host}${path}${search}`;
  const http = `${protocol.replace("ws", "http")}//${host}${path.replace(/\/ws$/, "")}`;
  return new Client({ ws, http }, options);
}
