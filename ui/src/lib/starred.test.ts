import { expect, it } from "vitest";
import { MOST_STARRED, parseStarred, useStarred } from "./starred.ts";

it("stars are read back as they were kept, whatever else the browser holds", () => {
  useStarred.getState().toggle("12");
  useStarred.getState().toggle("3");
  useStarred.getState().toggle("12");
  expect(parseStarred(localStorage.getItem("mlflow.starred"))).toEqual(["3"]);
  expect(parseStarred(null)).toEqual([]);
  expect(parseStarred("{")).toEqual([]);
  expect(parseStarred('{"a":1}')).toEqual([]);
  expect(parseStarred('["1", 2, "x", "4"]')).toEqual(["1", "4"]);
});

it("only so many experiments are starred, the latest", () => {
  const ids = Array.from({ length: MOST_STARRED + 2 }, (_, at) => String(at));
  expect(parseStarred(JSON.stringify(ids))).toEqual(ids.slice(2));
});
