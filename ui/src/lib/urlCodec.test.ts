import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "./urlCodec.ts";

/** A linear congruential generator, so that a failure can be repeated (Numerical Recipes, section 7.1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const ALPHABET = [
  "a",
  "Z",
  "0",
  " ",
  "+",
  "%",
  "&",
  "=",
  "#",
  "?",
  "~",
  "\\",
  ",",
  "/",
  "'",
  '"',
  "`",
  "<",
  "é",
  "漢",
  "🙂",
  "\n",
];

describe("the URL codec", () => {
  it("gives back every text and list it wrote", () => {
    const next = random(7);
    const text = () =>
      Array.from(
        { length: Math.floor(next() * 12) + 1 },
        () => ALPHABET[Math.floor(next() * ALPHABET.length)],
      ).join("");
    for (let round = 0; round < 500; round += 1) {
      const search = { q: text(), s: text(), c: [text(), text()], r: [text()] };
      expect(parseSearch(stringifySearch(search))).toEqual(search);
    }
  });

  it("keeps filters readable", () => {
    expect(stringifySearch({ q: "metrics.val/loss < 0.3", s: "-min(metrics.loss)" })).toBe(
      "?q=metrics.val/loss+<+0.3&s=-min(metrics.loss)",
    );
  });

  it("leaves out what is empty, but not an empty list", () => {
    expect(stringifySearch({ q: "", s: undefined, n: null })).toBe("");
    expect(parseSearch(stringifySearch({ c: [] }))).toEqual({ c: [] });
  });

  it.each([
    ["?q=100%", { q: "100%" }],
    ["?=x&q", {}],
    ["?q=a=b", { q: "a=b" }],
    ["", {}],
  ])("reads %j, typed by hand", (text, search) => {
    expect(parseSearch(text)).toEqual(search);
  });

  it("reads what browsers make of a fragment", () => {
    expect(parseSearch("?q=metrics.a+%3C+%22x%22")).toEqual({ q: 'metrics.a < "x"' });
  });
});
