import assert from "node:assert/strict";
import { test } from "node:test";
import { linkIn, partsAsLink, withLink } from "../../../qpsviz/web/js/page/link.js";

test("a state is found behind its mark alone", () => {
  assert.equal(linkIn("http://localhost/voila#s?preset=first&seed=2"), "preset=first&seed=2");
  assert.equal(linkIn("http://localhost/voila#s?"), "");
  assert.equal(linkIn("http://localhost/voila#section?x=1"), null);
  assert.equal(linkIn("http://localhost/voila?s=1"), null);
});

test("the token of a server never gets into a link, and everything else stays", () => {
  assert.equal(withLink("http://localhost/voila?token=abc#s?seed=1", "seed=2"), "http://localhost/voila#s?seed=2");
  assert.equal(withLink("http://localhost/a?x=1&token=abc&tokens=2&token", "p"), "http://localhost/a?x=1&tokens=2#s?p");
});

test("a link holds what it was made of", () => {
  const parts = { preset: "metro-ring", note: "a&b=c d", length_km: 12.5, linked: true };
  const link = partsAsLink(parts).join("&");
  assert.deepEqual(Object.fromEntries(new URLSearchParams(link)), {
    preset: "metro-ring",
    note: "a&b=c d",
    length_km: "12.5",
    linked: "true",
  });
  assert.equal(linkIn(withLink("http://localhost/#s?old=1", link)), link);
});
