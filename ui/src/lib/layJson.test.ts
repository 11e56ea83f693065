import { expect, it } from "vitest";
import { layJson } from "./layJson.ts";

it("has a line a member", () => {
  const value = { a: [1, 'x, {y}: [z] \\ "', { b: null }], empty: [{}, []], c: true };
  expect(layJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
});

it("alters no word", () => {
  const text =
    '{"id": 12345678901234567890, "rate": 1.0, "far": 1e400, "loss": NaN, "low": -Infinity, "a": 1, "a": 2}';
  expect(
    layJson(text)
      ?.replace(/\n\s*/g, " ")
      .replace(/\{ | \}/g, (sign) => sign.trim()),
  ).toBe(text);
});

it.each(["", "no json", '{"a": ', "[1 2]", '{"a": "unfinished}', '{\n  "a": 1\n}'])(
  "leaves %j alone",
  (text) => {
    expect(layJson(text)).toBeNull();
  },
);

it("of one word is that word", () => {
  expect([layJson("1.50"), layJson('"x"')]).toEqual(["1.50", '"x"']);
});
