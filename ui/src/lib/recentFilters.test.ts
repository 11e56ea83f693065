import { beforeEach, expect, it } from "vitest";
import { recentFilters, rememberFilter } from "./recentFilters.ts";

beforeEach(() => localStorage.clear());

it("the latest filter comes first, each of them once, and the oldest are forgotten", () => {
  for (const text of ["a", "b", " a ", ""]) rememberFilter(text);
  expect(recentFilters()).toEqual(["a", "b"]);
  for (let number = 0; number < 20; number += 1) rememberFilter(String(number));
  expect(recentFilters()).toHaveLength(8);
  expect(recentFilters()[0]).toBe("19");
});

it("what is kept there by others is not taken for filters", () => {
  localStorage.setItem("mlflow.filters", '{"a":1}');
  expect(recentFilters()).toEqual([]);
  localStorage.setItem("mlflow.filters", "no json");
  expect(recentFilters()).toEqual([]);
});
