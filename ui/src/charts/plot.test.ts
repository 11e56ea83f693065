import { expect, it } from "vitest";
import type { Series } from "@/api/metrics.ts";
import { plotOf } from "./plot.ts";

const OPTIONS = { axis: "step", smoothing: 0, logScale: false, zoom: null, band: "spread" } as const;

it("shows the points of a run that has all of them at one step, where no line can be", () => {
  const seriesOf = (run_id: string, x: number[]) => {
    const values = x.map((_, at) => at + 1);
    const all = { last: values, min: values, max: values, mean: values };
    return { run_id, key: "loss", n: x.length, exact: true, x, ...all } as unknown as Series;
  };
  const runs = ["line", "still"].map((id, slot) => ({ id, name: id, slot }));
  const plot = plotOf([seriesOf("line", [0, 1]), seriesOf("still", [0, 0])], runs, OPTIONS, "light");
  expect(plot.series.map(({ points }) => points?.show)).toEqual([undefined, false, true]);
});
