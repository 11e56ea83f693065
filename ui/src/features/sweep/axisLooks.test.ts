import { expect, it } from "vitest";
import { formatLooks, parseLooks } from "./axisLooks.ts";

it("looks of axes survive the URL, whatever their keys contain", () => {
  const texts = ["params.lr:log", "params.a:b,c:flip", "metrics.loss:linear,flip"];
  expect(formatLooks(parseLooks(texts))).toEqual(texts);
  expect(parseLooks(["", ":log", "params.lr:", "params.lr:wide"]).size).toBe(0);
});
