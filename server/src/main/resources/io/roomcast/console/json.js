import { make } from "/console/dom.js";

/** Longer texts are shown in one colour: each coloured piece is an element. */
const MOST_COLOURED = 8_000;

const PIECE = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * @param {any} value any JSON value
 * @returns {HTMLElement} it, laid out to be read
 */
export function jsonView(value) {
  const text = JSON.stringify(value, null, 2);
  const view = make("pre", "json");
  view.tabIndex = 0;
  view.append(...(text.length > MOST_COLOURED ? [text] : coloured(text)));
  return view;
}

/**
 * @param {string} text well-formed JSON
 * @returns {Array<Node|string>}
 */
function coloured(text) {
  const out = [];
  let end = 0;
  for (const found of text.matchAll(PIECE)) {
    const [whole, string, colon] = found;
    const piece = string ?? whole;
    out.push(text.slice(end, found.index), make("span", kind(string, colon), piece));
    end = found.index + piece.length;
  }
  return [...out, text.slice(end)];
}

function kind(string, colon) {
  if (string === undefined) {
    return "json-atom";
  }
  return colon ? "json-key" : "json-text";
}
