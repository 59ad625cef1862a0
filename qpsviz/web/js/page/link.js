// A state in an address: behind `#s?`, in place of any other fragment.

export const MARK = "#s?";

/** The state in an address, null without one. @param {string} address */
export function linkIn(address) {
  const at = address.indexOf(MARK);
  return at < 0 ? null : address.slice(at + MARK.length);
}

/** Parts of a state as a link has them; null is a word there. @param {Record<string, string | number | boolean | null>} parts */
export function partsAsLink(parts) {
  return Object.entries(parts).map(([name, value]) => `${name}=${encodeURIComponent(value ?? "null")}`);
}

/** An address with another state, and without the token of a server. @param {string} address @param {string} link */
export function withLink(address, link) {
  const [place, query = ""] = address.split("#")[0].split("?");
  const kept = query.split("&").filter((pair) => pair && !/^token(=|$)/.test(pair));
  return `${place}${kept.length ? `?${kept.join("&")}` : ""}${MARK}${link}`;
}
