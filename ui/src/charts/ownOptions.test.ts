import { expect, it } from "vitest";
import { formatOwn, merged, parseOwn } from "./ownOptions.ts";

it("what a panel has of its own survives the URL, whatever its key contains", () => {
  const texts = [
    "val/loss|metric:a%7C%2Cb,log",
    "val/acc|wall,log,table",
    "a|b,c|linear,logx,clip,points,+b%2Fc,+d%7C%2C",
    "f1|y-0.5..1e-7",
  ];
  expect(formatOwn(parseOwn(texts))).toEqual(texts);
});

it("what cannot be read is left out", () => {
  expect(parseOwn(["", "loss", "loss|", "loss|what", "|log", "loss|y2..1", "loss|ya..b"])).toEqual(new Map());
});

it("a range below zero has no place on a logarithmic axis", () => {
  const shared = { axis: "step", smoothing: 0, logScale: true, zoom: null, band: "spread" } as const;
  expect(merged(shared, { range: [0, 1] }).range).toBeUndefined();
  expect(merged(shared, { range: [0.1, 1] }).range).toEqual([0.1, 1]);
});

it("a panel with an axis of its own does not follow the zoom of the others", () => {
  const marks = [{ x: 1, text: "1" }];
  const shared = { axis: "step", smoothing: 0, logScale: true, zoom: [1, 2], band: "spread", marks } as const;
  const options = merged({ ...shared, zoom: [1, 2] }, { axis: "wall", logScale: false, logX: true });
  expect(options).toMatchObject({ axis: "wall", zoom: null, marks: undefined, logScale: false, logX: false });
  expect(merged({ ...shared, zoom: [1, 2] }, { logX: true })).toMatchObject({
    zoom: [1, 2],
    marks,
    logX: true,
  });
});
