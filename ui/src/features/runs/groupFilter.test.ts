import { expect, it } from "vitest";
import { groupFilter } from "./groupFilter.ts";

it.each([
  ["", "", ["params.kind"], ["adam"], "params.kind = 'adam'"],
  ["", "", ["params.a b", "tags.t"], ["0.1", null], "number(params.`a b`) = 0.1 and tags.t IS NULL"],
  [
    "",
    "",
    ["dataset", "tags.t"],
    ["a\nb", "v"],
    "dataset.name = 'a' and dataset.name = 'b' and tags.t = 'v'",
  ],
  ["", "", ["dataset"], [null], "NOT dataset.name LIKE '%'"],
  ["x", "run_name ILIKE '%x%'", ["tags.t"], ["it's"], "run_name ILIKE '%x%' and tags.t = \"it's\""],
  ["a = 1 or b = 2", "a = 1 or b = 2", ["params.k"], ["v"], "(a = 1 or b = 2) and params.k = 'v'"],
])("%j of %j grouped by %j is found by a filter", (text, filter, by, values, found) => {
  expect(groupFilter(text, filter, by, values)).toBe(found);
});
