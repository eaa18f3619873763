/** What the server, or the lack of a connection, said no to. */
export class RoomcastError extends Error {
  constructor(text, code = 0, temporary = false, after) {
    super(text);
    this.name = "RoomcastError";
    this.code = code;
    this.temporary = temporary;
    this.after = after;
  }
}

/** What is told of a command whose connection has ended, or is not there. */
export const LOST = new RoomcastError("there is no connection", 0, true);

/** What ends a membership that the application has given up. */
export const LEFT = new RoomcastError("the room was left");
