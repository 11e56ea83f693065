import { expect, it } from "vitest";
import { exactly, smallerIsBetter, telling } from "./metricNames.ts";

it.each([
  "loss",
  "val_loss",
  "train/trainLoss",
  "crossentropyloss",
  "trainMSE",
  "val/rmse",
  "test_error",
  "err",
  "eval_wer",
  "wer_val",
  "epoch_seconds",
  "fit_time",
  "time/step",
  "false_positives",
])("less of %s is better", (key) => expect(smallerIsBetter(key)).toBe(true));

it.each([
  "accuracy",
  "f1",
  "system/gpu_power",
  "tower",
  "answered",
  "career",
  "maestro",
  "sometimes",
  "r2",
  "auc",
])("more of %s is better", (key) => expect(smallerIsBetter(key)).toBe(false));

it("names that tell most come first", () => {
  expect(["lr", "loss", "val/x", "val_loss"].map(telling)).toEqual([0, 1, 1, 2]);
});

it("a key is found by itself alone, whatever it contains", () => {
  for (const key of ["a.b", "a(b", "[x]{2}|\\d", "^$*+?"]) {
    expect(new RegExp(exactly(key), "i").test(key)).toBe(true);
    expect(new RegExp(exactly(key), "i").test(`${key}2`)).toBe(false);
  }
});
