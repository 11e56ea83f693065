import { describe, expect, it } from "vitest";
import { placeAt } from "./useSuggestions.ts";

describe("suggestions", () => {
  it.each([
    ["|", "key", "", ""],
    ["metr|", "key", "metr", ""],
    ["metrics.val/l|", "key", "metrics.val/l", ""],
    ["params.lr |", "operator", "", "params.lr"],
    ["params.lr = |", "value", "", "params.lr"],
    ["params.lr = 'a|", "value", "'a", "params.lr"],
    ["params.lr = 'a' |", "nothing", "", "params.lr"],
    ["params.lr = 'a' and |", "key", "", "params.lr"],
    ["params.lr = 'a' or (tags.|", "key", "tags.", "params.lr"],
    ["status LIKE |", "value", "", "status"],
  ])("at %s it wants a %s", (marked, wants, typed, key) => {
    const caret = marked.indexOf("|");
    const place = placeAt(marked.replace("|", ""), caret);
    expect(place).toMatchObject(wants === "nothing" ? { wants } : { wants, typed });
    if (wants === "value" || wants === "operator") expect(place.key).toBe(key);
  });
});
