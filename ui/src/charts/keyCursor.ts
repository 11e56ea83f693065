/** Going along a chart by keys. */
import type uPlot from "uplot";

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };

/** The place on the horizontal axis that a key leads to; null for a key that leads nowhere. */
export function placeAfter(key: string, at: number | null, count: number): number | null {
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  if (step === undefined) return null;
  if (at === null) return step > 0 ? 0 : count - 1;
  return Math.max(0, Math.min(count - 1, at + step));
}

/** Puts the cursor at a place, on the height of the first line that has a value there. */
export function moveCursor(chart: uPlot, lines: readonly unknown[], place: number): void {
  const x = chart.data[0][place];
  if (x === undefined) return;
  const values = lines.flatMap((line, at) => (line ? [chart.data[at]?.[place]] : []));
  const value = values.find((one) => one !== null && one !== undefined);
  const top =
    value === undefined || value === null ? chart.over.clientHeight / 2 : chart.valToPos(value, "y");
  chart.setCursor({ left: chart.valToPos(x, "x"), top });
}
