/**
 * Rooms in real time with a Roomcast server. Comes back by itself, recovers what was missed, says what may be missing, and
 * sends each message once.
 */

/** Any value that survives `JSON.stringify`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

export interface Options {
  /**
   * Shown to a server that asks for one. A function is called for each connection, and again before the token that it gave
   * ends (where it is a JSON Web Token that says when); it may take at most 10 s. When it fails, it is called again later.
   */
  token?: string | (() => string | Promise<string>);
  /** What others see as `from`, when the token names no user. At most 128 bytes. */
  name?: string;
  /** By what the server knows this client across reconnects, for `echo: false`. Random by default; keep it to yourself. */
  session?: string;
  /** `"websocket"` or `"http"` to use that alone. By default HTTP is used where WebSockets fail although the server answers. */
  transport?: "websocket" | "http";
  /** Needed on Node before 22, which has none: that of the package `ws`. */
  WebSocket?: new (url: string) => any;
  fetch?: typeof fetch;
  /** Calls that may wait for their answer at once, sent or not. 1,000 by default. */
  limit?: number;
  /**
   * Milliseconds after which a call that has no answer is given up. 60,000 by default. Must be less than the server
   * remembers keys (`keys`, five minutes by default): a repeat after that would be another message.
   */
  patience?: number;
  /** The server's limit of a message and all around it, in bytes. 65,536 by default. */
  bytes?: number;
}

/** A place in a room's log. */
export interface Position {
  epoch: string;
  offset: number;
}

/** Something that was sent to a room. */
export interface Message<T = any> {
  type: "message";
  room: string;
  message: T;
  /** The sender's public id, when it has one. */
  from?: string;
  /** When it was published, in milliseconds since 1970; in a room with a log. */
  time?: number;
  /** Its place in the log; in a room with a log. */
  offset?: number;
  key?: string;
  /** Whether this very client sent it. */
  own?: boolean;
}

/** Messages that were published between these times (milliseconds since 1970) may be missing. */
export interface Gap {
  type: "gap";
  room: string;
  since: number;
  until: number;
  /**
   * `connection`: this client was away, and the room keeps no log, or one that does not reach back so far. The others are the
   * server's: `broker`, `overload`, `log`.
   */
  reason: "connection" | "broker" | "overload" | "log" | "slow" | (string & {});
  /** How many, where the server knows: with `slow`, when this client did not read as fast as the room went. */
  skipped?: number;
}

/** A user came, or left; in rooms whose rules want that told. */
export interface Presence {
  type: "joined" | "left";
  room: string;
  user: string;
  /** With `joined`: what others may know of the user, where its token says anything. */
  info?: any;
}

/** A page of who is here. */
export interface Members {
  /** All users who are here. */
  count: number;
  users: string[];
  /** What others may know of those of the users whose tokens say anything, by name. */
  infos?: Record<string, any>;
  /** Whether there are more after the last of these. */
  more: boolean;
}

export interface MemberCounts {
  count: number;
  /** Of all users together. */
  sessions: number;
}

export interface Joined extends Partial<Position> {
  /** Only where `since` was given: whether all that was missed follows. */
  recovered?: boolean;
}

export interface Sent extends Partial<Position> {
  /** Only the members of one node got it: the server had lost its broker, and the room's rules allow that. */
  local?: boolean;
}

export interface History<T = any> extends Position {
  messages: Message<T>[];
  /** Whether there are more in the direction asked for. */
  more: boolean;
  /** `false` when the log does not reach back to `since`. */
  recovered?: boolean;
}

export type JoinOptions = { token?: Options["token"] } & ({ since?: Position; last?: never } | { last?: number; since?: never });

export interface SendOptions {
  /** Names the message: a repeat with the same key, from whomever, is the same message. By default one is made. */
  key?: string;
  /** `false`: this client does not hear it. Over HTTP only where `key` is not given. */
  echo?: boolean;
  /**
   * `false`: for what is worthless soon, such as a cursor. Sent at once or rejected at once, never repeated, not in order
   * with other messages, and without a key.
   */
  keep?: boolean;
}

export type RoomState = "left" | "joining" | "joined";

export interface RoomEvents<T = any> {
  message: Message<T>;
  gap: Gap;
  joined: Presence;
  left: Presence;
  /** With an error when the server said no, or took us out of the room, or the client was closed. */
  state: { state: RoomState; error?: RoomcastError };
}

export interface Room<T = any> extends AsyncIterable<Message<T>> {
  readonly name: string;
  readonly state: RoomState;
  /** Why it was left, when that was not asked for. */
  readonly error?: RoomcastError;
  /** Of the newest message heard, in a room with a log. */
  readonly epoch?: string;
  readonly offset?: number;

  /** Calls a listener at each event, until the function that it returns is called. */
  on<E extends keyof RoomEvents<T>>(event: E, listener: (detail: RoomEvents<T>[E]) => void): () => void;

  /**
   * Joins, and stays a member until `leave`: after each loss of the connection it joins again, and what was missed is
   * delivered, or a `gap` tells that it may be missing. Resolves when every later message will be delivered; waits for a
   * connection, however long that takes. Rejects when the server says no for good.
   *
   * @param from where to begin, in a room with a log: after a position, or with so many of the newest messages (`last`, not over HTTP);
   *     and `token`, where the room needs one of its own (not over HTTP): a function is asked for each join, and again when the token is over
   */
  join(from?: JoinOptions): Promise<Joined>;

  /** Leaves. Nothing is delivered from now on. Resolves when the server knows, or there is no connection. */
  leave(): Promise<void>;

  /**
   * Sends; needs no membership. Messages to one room are sent one after the other, in order, and each once: what is answered
   * by a temporary error, or by nothing since the connection was lost, is repeated with the same key. Waits while there is no
   * connection. Resolves when the server has it. Rejects with a {@link RoomcastError} when the server says no, when it takes longer than
   * `patience`, when more than `limit` are waiting (at once), or when the client is closed.
   */
  send(message: T, options?: SendOptions): Promise<Sent>;

  /** Reads the log: the newest messages, those before an offset, or those since a position. At most `limit`, 100 by default. */
  history(query?: { limit?: number; before?: number; since?: never } | { limit?: number; since: Position; before?: never }): Promise<History<T>>;

  /**
   * Who is here, in rooms whose rules want that known: users by name, those after `after`, at most `limit`, 100 by default; or only how many.
   * Asked after the join, it fits in with the events `joined` and `left`: what was told before is in the answer.
   */
  presence(query?: { counts?: false; after?: string; limit?: number }): Promise<Members>;
  presence(query: { counts: true }): Promise<MemberCounts>;

  /**
   * The messages from now on; joins when that was not done. Ends when the room is left, and throws when it was left for
   * another reason, or when the loop is more than 1,000 messages behind.
   */
  [Symbol.asyncIterator](): AsyncIterator<Message<T>>;
}

export type ClientState = "connecting" | "connected" | "waiting" | "closed";

export interface ClientEvents {
  /** `retryAt`: when the next attempt is made, in milliseconds since 1970; with `waiting`. */
  state: { state: ClientState; error?: RoomcastError; retryAt?: number };
  /** An error of the server that answers no call. */
  error: RoomcastError;
  /** The server has let this client join a room, unasked. */
  room: Room;
}

export interface Client {
  /** `closed` is final: by `close`, or because coming back is pointless; `error` says why. */
  readonly state: ClientState;
  readonly error?: RoomcastError;
  readonly retryAt?: number;
  /** What the present connection, or attempt, uses. */
  readonly transport: "websocket" | "http";

  on<E extends keyof ClientEvents>(event: E, listener: (detail: ClientEvents[E]) => void): () => void;

  /** The room of this name: always the same object. It is not joined by that. */
  room<T = any>(name: string): Room<T>;

  /** Is called otherwise, or has another token, from now on. Resolves when that is said, or will be with the next connection. */
  identify(who: { name?: string; token?: Options["token"] }): Promise<void>;

  /** Does not wait any longer, or sees whether the connection still holds: as when the network is back. */
  wake(): void;

  /** Ends for good: rooms are left, and what waits is rejected. */
  close(): void;
}

/** What the server said no to, or what could not be done. */
export class RoomcastError extends Error {
  name: "RoomcastError";
  /** The protocol's number of the error, or the close code; 0 when it is neither. */
  readonly code: number;
  /** Whether the same may succeed later. */
  readonly temporary: boolean;
  /** In how many ms the server said that it is worth another try, where it said so. What is repeated by itself waits so long. */
  readonly after: number | undefined;
  constructor(text: string, code?: number, temporary?: boolean, after?: number);
}

/**
 * Connects, and stays connected until `close`: comes back after 0.5 to 20 s, at random, or when the server said; at once when
 * the network or the reader of the page is back.
 *
 * @param url `ws:`, `wss:`, `http:` or `https:`; the path is `/ws` when there is none. In a page, `/ws` of its own server by default
 * @throws TypeError when the URL is none, or there is no WebSocket
 */
export function connect(url?: string | URL, options?: Options): Client;
