import { useEffect, useState, useSyncExternalStore } from "react";

/** How many components keep each room joined. */
const users = new WeakMap();

function use(room, from) {
  const before = users.get(room) ?? (room.state === "left" ? 0 : 1); // Joined by somebody else: not ours to leave.
  users.set(room, before + 1);
  if (room.state === "left") room.join(from).catch(() => {}); // Told by its state.
  return () => {
    const left = users.get(room) - 1;
    users.set(room, left);
    if (left === 0) {
      users.delete(room);
      room.leave();
    }
  };
}

export function useRoom(client, name, { last, most = 500 } = {}) {
  const room = client.room(name);
  const [view, setView] = useState({ room, entries: [] });
  useEffect(() => {
    setView({ room, entries: [] });
    const add = (entry) => setView((now) => ({ room, entries: [...now.entries, entry].slice(-most) }));
    const offs = [room.on("message", add), room.on("gap", add)];
    offs.push(use(room, last && { last }));
    return () => offs.forEach((off) => off());
  }, [room, last, most]);
  const state = useSyncExternalStore((listener) => room.on("state", listener), () => room.state, () => "left");
  const entries = view.room === room ? view.entries : [];
  return {
    room,
    state,
    error: room.error,
    entries,
    messages: entries.filter(({ type }) => type === "message"),
    send: (message, options) => room.send(message, options),
  };
}

export function useClientState(client) {
  return useSyncExternalStore((listener) => client.on("state", listener), () => client.state, () => "connecting");
}
