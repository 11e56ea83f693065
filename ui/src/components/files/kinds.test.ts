import { describe, expect, it } from "vitest";
import { isText, kindOf, looksListed, looksLogged } from "./kinds.ts";

describe("a file's kind", () => {
  it.each([
    ["a/b.PNG", "image"],
    ["rows.tsv", "table"],
    ["rows.parquet", "table"],
    ["x.geojson", "map"],
    ["x.ipynb", "notebook"],
    ["index.html", "html"],
    ["README.md", "markdown"],
    ["paper.pdf", "pdf"],
    ["model/MLmodel", "model"],
    ["sound.opus", "audio"],
    ["clip.mp4", "video"],
    ["model.pkl", "binary"],
    ["train.py", "text"],
    ["LICENSE", "text"],
  ])("of %s is %s", (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});

it("NUL characters are no text", () => {
  expect([isText("plain"), isText("a\0b")]).toEqual([true, false]);
});

it("logged tables are told from other JSON", () => {
  const texts = [
    '{"columns": ["a"], "data": [[1]]}',
    '{"data":[[1]],"columns":["a"]}',
    '{"columns": 1}',
    "[1]",
  ];
  expect(texts.map(looksLogged)).toEqual([true, true, false, false]);
});

it("lists of plain objects are tables", () => {
  const texts = ['[{"a": 1, "b": "x"}]', ' [ {"a\\"": null} ]', '[{"a": {"b": 1}}]', "[1]", "[]", '{"a": 1}'];
  expect(texts.map(looksListed)).toEqual([true, true, false, false, false, false]);
});
