import { expect, it } from "vitest";
import { formatAdded, parseAdded } from "./addedPanels.ts";

it.each([
  { kind: "box", metric: "metrics.val/loss", by: "params.optimizer" },
  { kind: "box", metric: "min(metrics.a|b)", by: "tags.100%" },
  { kind: "diff", metric: "metrics.loss" },
] as const)("%j survives the URL", (added) => {
  expect(parseAdded(formatAdded(added))).toEqual(added);
});

it.each(["", "box", "box|metrics.a", "box|params.a|params.b", "pie|metrics.a", "diff|loss"])(
  "%j is none",
  (text) => {
    expect(parseAdded(text)).toBeNull();
  },
);
