import { expect, it } from "vitest";
import { kept } from "./kept.ts";
import { MOST_COLORED, parseSlots, useOwnColors } from "./ownColors.ts";

const id = (number: number): string => number.toString(16).padStart(32, "0");

it("a run's own colour is read back as it was kept, until it is given up", () => {
  const { give } = useOwnColors.getState();
  give(id(1), 7);
  give(id(2), 3);
  give(id(1), 4);
  expect([...parseSlots(kept("mlflow.colors"))]).toEqual([
    [id(2), 3],
    [id(1), 4],
  ]);
  give(id(2), null);
  expect([...parseSlots(kept("mlflow.colors"))]).toEqual([[id(1), 4]]);
});

it("what is no colour of a run is left out, and only so many are kept", () => {
  expect(parseSlots(null).size).toBe(0);
  expect(parseSlots(JSON.stringify({ [id(1)]: 2 })).size).toBe(0);
  const odd = [[id(1), 30], [id(2), -1], [id(3), 1.5], ["x", 1], 5, [id(4), 29]];
  expect([...parseSlots(JSON.stringify(odd))]).toEqual([[id(4), 29]]);
  const many = Array.from({ length: MOST_COLORED + 5 }, (_, at) => [id(at), 1]);
  expect(parseSlots(JSON.stringify(many)).size).toBe(MOST_COLORED);
  expect(parseSlots("no json").size).toBe(0);
});
