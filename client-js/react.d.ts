import type { Client, ClientState, Gap, Message, Room, RoomcastError, RoomState, SendOptions, Sent } from "./roomcast.js";

export interface RoomView<T = any> {
  room: Room<T>;
  state: RoomState;
  /** Why it was left, when nobody asked for that. */
  error?: RoomcastError;
  /** Messages and gaps since this component was there, in order, the newest `most`. */
  entries: (Message<T> | Gap)[];
  /** The messages among them. */
  messages: Message<T>[];
  send(message: T, options?: SendOptions): Promise<Sent>;
}

/**
 * A room while a component is there: joined with the first component that uses it, left with the last. One that the application
 * had joined itself stays joined.
 *
 * @param options.last begins with so many of the newest messages, in a room with a log
 * @param options.most entries that are kept, 500 by default
 */
export function useRoom<T = any>(client: Client, name: string, options?: { last?: number; most?: number }): RoomView<T>;

/** The client's state, always the present one. */
export function useClientState(client: Client): ClientState;
