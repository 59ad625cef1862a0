// What a tab of the browser remembers; nothing at all where the browser refuses to.

/** @param {string} key */
export function recall(key) {
  try {
    return window.sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} value */
export function remember(key, value) {
  try {
    if (value === null) window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, value);
  } catch {
    // It will be asked for again, and not be there.
  }
}
