// The one search in sorted values.

/**
 * Index of the last of some ascending values that is not above a limit, -1 where all are above it.
 * @param {number} length How many values there are.
 * @param {(index: number) => number} at The value at an index.
 * @param {number} limit
 */
export function lastUpTo(length, at, limit) {
  let lo = -1;
  let hi = length - 1;
  while (lo < hi) {
    const middle = (lo + hi + 1) >> 1;
    if (at(middle) <= limit) lo = middle;
    else hi = middle - 1;
  }
  return lo;
}
