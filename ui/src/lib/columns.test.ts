import { describe, expect, it } from "vitest";
import { columnId, orderBy, parseColumn, parseSort, quoteKey } from "./columns.ts";

describe("column ids", () => {
  it.each([
    "metrics.val/loss",
    "min(metrics.a b)",
    "trend(metrics.val/loss)",
    "params.lr",
    "tags.mlflow.note",
    "start_time",
  ])("%s is read and written", (id) => {
    expect(columnId(parseColumn(id) as NonNullable<ReturnType<typeof parseColumn>>)).toBe(id);
  });

  it.each([
    "",
    "metrics.",
    "nothing",
    "min(params.lr)",
    "median(metrics.a)",
    "trend(params.a)",
    "toString",
    "constructor.x",
  ])("%j is none", (id) => {
    expect(parseColumn(id)).toBeNull();
  });
});

describe("the order", () => {
  it.each([
    ["-start_time", [], ["attributes.start_time DESC"]],
    ["-min(metrics.val loss)", [], ["min(metrics.`val loss`) DESC"]],
    ["params.lr", ["params.lr"], ["number(params.lr) ASC"]],
    ["params.lr", [], ["params.lr ASC"]],
    ["-duration", [], ["attributes.duration DESC"]],
    ["experiment_id", [], []],
    ["garbage", [], []],
  ])("%s becomes what the API takes", (text, numeric, expected) => {
    expect(orderBy(parseSort(text), new Set(numeric))).toEqual(expected);
  });

  it("quotes keys by what they contain", () => {
    expect([quoteKey("a.b/c-d"), quoteKey("a b"), quoteKey("a`b")]).toEqual(["a.b/c-d", "`a b`", '"a`b"']);
  });
});
