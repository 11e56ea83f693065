import { describe, expect, it } from "vitest";
import { parseCsv, toCsv } from "./csv.ts";

describe("CSV", () => {
  it("is read as it was written", () => {
    const rows = [
      ["a,b", 'say "hi"', "two\nlines"],
      ["", "1", "é"],
    ];
    expect(parseCsv(toCsv(rows), ",", 10)).toEqual(rows);
  });

  it("does not run as a formula", () => {
    expect(toCsv([["=1+1", "@x", "-0.5", -2]])).toBe("'=1+1,'@x,-0.5,-2\r\n");
  });

  it("stops at the row that was cut, and at the limit", () => {
    expect(parseCsv("a,b\n1,2\n3,", ",", 10, true)).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
    expect(parseCsv("a\nb\nc\n", ",", 2)).toEqual([["a"], ["b"]]);
  });
});
