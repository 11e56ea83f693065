import { expect, it } from "vitest";
import { epochMarks, epochMetric } from "./marks.ts";

it("an epoch begins where its count first reaches it", () => {
  const series = { x: [10, 20, 30, 40, 50], last: [0.5, 1, null, 1.5, 3] };
  expect(epochMarks(series)).toEqual([
    { x: 10, text: "0" },
    { x: 20, text: "1" },
    { x: 50, text: "3" },
  ]);
});

it("of thousands of epochs some are marked", () => {
  const x = Array.from({ length: 1000 }, (_, at) => at);
  expect(epochMarks({ x, last: x })).toHaveLength(200);
});

it("the shortest name counts", () => {
  expect(epochMetric(["loss", "trainer/epoch", "epoch", "epoch_time"])).toBe("epoch");
  expect(epochMetric(["loss", "epochs"])).toBeUndefined();
});
