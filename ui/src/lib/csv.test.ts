import { describe, expect, it } from "vitest";
import { toCsv } from "./csv.ts";

describe("CSV", () => {
  it("quotes what would part fields and lines", () => {
    expect(
      toCsv([
        ["a,b", 'say "hi"', "two\nlines"],
        ["", 1, null],
      ]),
    ).toBe('"a,b","say ""hi""","two\nlines"\r\n,1,\r\n');
  });

  it("does not run as a formula", () => {
    expect(toCsv([["=1+1", "@x", "-0.5", -2]])).toBe("'=1+1,'@x,-0.5,-2\r\n");
    expect(toCsv([["\r=1+1"]])).toBe('"\'\r=1+1"\r\n');
  });
});
