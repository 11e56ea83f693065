import { expect, test } from "vitest";
import { DEFAULTS, parsePreferences } from "./settings.ts";

test("what was kept comes back", () => {
  const kept = {
    density: "40",
    clock: "utc",
    digits: "all",
    split: 60,
    smoothing: 0.6,
    live: false,
    announced: false,
    keys: false,
  };
  expect(parsePreferences(JSON.stringify(kept))).toEqual(kept);
});

test.each([null, "", "7", "[]", "{", '{"density":"99","split":5,"smoothing":2,"live":"no"}'])(
  "what cannot be read is the default: %s",
  (text) => {
    expect(parsePreferences(text)).toEqual(DEFAULTS);
  },
);
