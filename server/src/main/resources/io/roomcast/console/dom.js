/**
 * @param {string} id of an element that index.html has
 * @returns {any}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`index.html has no #${id}`);
  }
  return found;
}

/**
 * Makes an element. Text becomes text, never markup.
 *
 * @param {string} tag
 * @param {string} classes
 * @param {...(Node|string)} children
 * @returns {any}
 */
export function make(tag, classes, ...children) {
  const element = document.createElement(tag);
  if (classes) {
    element.className = classes;
  }
  element.append(...children);
  return element;
}

/**
 * Runs an action soon, once for any number of calls until then; also where the page is hidden.
 *
 * @param {() => void} action
 * @returns {() => void}
 */
export function soon(action) {
  let planned = false;
  const run = () => {
    planned = false;
    action();
  };
  return () => {
    if (!planned) {
      planned = true;
      setTimeout(run, 16);
    }
  };
}
