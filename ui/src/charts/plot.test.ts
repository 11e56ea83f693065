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

it("a value that is no figure breaks the line, and a point alone between two is a dot", () => {
  const values = [1, null, 2, null, 3, 4];
  const all = { last: values, min: values, max: values, mean: values };
  const series = { run_id: "a", key: "loss", count: 6, exact: true, x: [0, 1, 2, 3, 4, 5], ...all } as Series;
  const plot = plotOf([series], [{ id: "a", name: "a", slot: 0 }], OPTIONS, "light");
  const [, line] = plot.series;
  const filter = line?.points?.filter as (u: unknown, at: number, show: boolean) => number[] | null;
  expect(line?.spanGaps).toBeUndefined();
  expect(filter({ data: plot.data }, 1, false)).toEqual([0, 2]);
  expect(filter({ data: plot.data }, 1, true)).toBeNull();
});
