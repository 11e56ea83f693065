import { describe, expect, it } from "vitest";
import { isText, kindOf, loggedTable } from "./kinds.ts";

describe("kinds of files", () => {
  it.each([
    ["a/b.PNG", "image"],
    ["x.svg", "image"],
    ["t.tsv", "table"],
    ["page.htm", "html"],
    ["model.pkl", "binary"],
    ["MLmodel", "text"],
    ["conda.yaml", "text"],
  ])("%s is shown as %s", (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });

  it("tell text from bytes", () => {
    expect([isText("hello"), isText("a\0b")]).toEqual([true, false]);
  });

  it("know the table that log_table writes, and no other JSON", () => {
    expect(
      loggedTable(
        {
          columns: ["a", "b"],
          data: [
            [1, "x"],
            [{ c: 1 }, null],
          ],
        },
        10,
      ),
    ).toEqual({
      head: ["a", "b"],
      rows: [
        ["1", "x"],
        ['{"c":1}', "null"],
      ],
    });
    expect([loggedTable([1], 10), loggedTable(null, 10), loggedTable({ columns: 1, data: [] }, 10)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
