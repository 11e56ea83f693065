import { describe, expect, it } from "vitest";
import { readNotebook } from "./notebook.ts";

const book = (cell: unknown, more = {}) =>
  readNotebook(JSON.stringify({ nbformat: 4, metadata: {}, cells: [cell], ...more }));

describe("a notebook", () => {
  it("has its cells in order, with numbers and output", () => {
    const read = book({
      cell_type: "code",
      execution_count: 3,
      source: ["a = 1\n", "a"],
      outputs: [
        { output_type: "stream", name: "stderr", text: ["warn\n", "ing"] },
        { output_type: "execute_result", data: { "text/plain": ["1"] } },
      ],
    });
    expect(read).toEqual([
      {
        kind: "code",
        text: "a = 1\na",
        count: 3,
        outputs: [
          { kind: "text", text: "warn\ning", stream: "err" },
          { kind: "text", text: "1", stream: "out" },
        ],
      },
    ]);
  });

  it("of the older form is read too", () => {
    const cell = { cell_type: "code", input: "x", outputs: [{ output_type: "display_data", png: "AAAA" }] };
    const read = readNotebook(JSON.stringify({ nbformat: 3, worksheets: [{ cells: [cell] }] }));
    expect(read?.[0]?.outputs).toMatchObject([{ url: "data:image/png;base64,AAAA" }]);
  });

  it("shows pictures only of bytes, and drawings only as pictures", () => {
    const output = (data: unknown) =>
      book({ cell_type: "code", source: "", outputs: [{ output_type: "display_data", data }] })?.[0]
        ?.outputs[0];
    expect(output({ "image/png": '" onerror="x' })).toEqual({ kind: "other", types: ["image/png"] });
    expect(output({ "image/svg+xml": "<svg onload=x>" })).toMatchObject({
      url: "data:image/svg+xml,%3Csvg%20onload%3Dx%3E",
    });
  });

  it.each(["", "[1]", "{}", '{"cells": 1}', "null"])("is not what %j says", (text) => {
    expect(readNotebook(text)).toBeNull();
  });

  it("survives what is none of its form", () => {
    expect(book({ cell_type: 7, source: { a: 1 }, outputs: [null, 1, { data: [] }] })).toEqual([
      { kind: "raw", text: "", count: null, outputs: [{ kind: "other", types: [] }] },
    ]);
  });
});
