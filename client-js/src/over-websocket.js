/** A link by WebSocket: takes commands, and tells of events, as the protocol has them. */
export function overWebSocket({ ws }, { WebSocket = globalThis.WebSocket }, on) {
  const socket = new WebSocket(ws);
  socket.onopen = on.up;
  socket.onmessage = ({ data }) => on.heard(JSON.parse(data));
  socket.onclose = ({ code, reason }) => on.down(code, reason);
  socket.onerror = () => {}; // A close follows.
  return { send: (command) => socket.send(JSON.stringify(command)), end: () => socket.close() };
}
