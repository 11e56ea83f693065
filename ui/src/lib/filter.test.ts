import { describe, expect, it } from "vitest";
import { quoteText, toFilter, tokenize } from "./filter.ts";

const kinds = (text: string) =>
  tokenize(text)
    .filter(({ kind }) => kind !== "space")
    .map(({ kind, text: own }) => `${kind} ${own}`);

describe("the tokenizer", () => {
  it.each([
    "metrics.val/loss < 0.3 and params.`a b` = 'x y'",
    "tags.\"q\" ILIKE '%it''s'",
    "((  min(metrics.a)>=-1e-3))",
    "unfinished = 'quote",
    "ünïcode § ~",
  ])("loses no character of %j", (text) => {
    const tokens = tokenize(text);
    expect(tokens.map((token) => token.text).join("")).toBe(text);
    expect(tokens.every((token) => text.startsWith(token.text, token.start))).toBe(true);
  });

  it("tells keys, operators, words, numbers and texts apart", () => {
    expect(kinds("params.lr >= -1e-3 AND tags.`a and b` = 'or'")).toEqual([
      "key params.lr",
      "operator >=",
      "number -1e-3",
      "word AND",
      "key tags.`a and b`",
      "operator =",
      "text 'or'",
    ]);
  });

  it("takes words inside keys for keys", () => {
    expect(kinds("params.in = 'x'")[0]).toBe("key params.in");
    expect(kinds("android = 'x'")[0]).toBe("key android");
  });
});

describe("free text", () => {
  it.each([
    ["adamw", "run_name ILIKE '%adamw%'"],
    ["it's", 'run_name ILIKE "%it\'s%"'],
    ["  ", ""],
    ["metrics.a > 1", "metrics.a > 1"],
    ["params.x IS NULL", "params.x IS NULL"],
    ["lr and bs", "run_name ILIKE '%lr and bs%'"],
    ["in bulk", "run_name ILIKE '%in bulk%'"],
    ["fit (2)", "run_name ILIKE '%fit (2)%'"],
    ["it is like that", "run_name ILIKE '%it is like that%'"],
    ["params.x IN ('a', 'b')", "params.x IN ('a', 'b')"],
    ["name like 'x%'", "name like 'x%'"],
    ["params.x is not null", "params.x is not null"],
    ["metrics.a between 1 and 2", "metrics.a between 1 and 2"],
    ["params.x like", "params.x like"],
  ])("%j asks for %j", (text, filter) => {
    expect(toFilter(text)).toBe(filter);
    if (filter.startsWith("run_name"))
      expect(toFilter(text, "name", "run_name")).toBe(`${filter.replace("run_name", "name")} OR ${filter}`);
  });

  it("is quoted even with both kinds of quotes in it", () => {
    expect(quoteText(`a'b"c`)).toBe(`"a'b_c"`);
  });
});

it("a length of time is one number", () => {
  expect(tokenize("duration > 1.5h").map(({ kind, text }) => [kind, text])).toEqual([
    ["key", "duration"],
    ["space", " "],
    ["operator", ">"],
    ["space", " "],
    ["number", "1.5h"],
  ]);
});
