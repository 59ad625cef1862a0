// What a tab of the browser remembers; nothing at all where the browser refuses to.

export function recall(key) {
  try {
    return window.sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    if (value === null) window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, value);
  } catch {
    // It will be asked for again, and not be there.
  }
}
