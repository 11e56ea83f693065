import { describe, expect, it } from "vitest";
import { groupMetrics, matching } from "./groups.ts";
import { optionsFromUrl, optionsToUrl } from "./optionsFromUrl.ts";

describe("chart options", () => {
  it("survive the URL", () => {
    const options = {
      axis: "wall",
      smoothing: 0.6,
      logScale: true,
      zoom: [1795427343575, 1795427343999.5],
      band: "range",
    } as const;
    const search = {
      ...optionsToUrl({ axis: options.axis }),
      ...optionsToUrl({ ...options, axis: undefined, zoom: [...options.zoom] }),
    };
    expect(optionsFromUrl({ ...search, x: "wall" })).toEqual(options);
  });

  it.each([{ sm: "2" }, { sm: "x" }, { z: "5..1" }, { z: "a..b" }, { z: "3" }])("ignore %j", (search) => {
    expect(optionsFromUrl(search)).toEqual({
      axis: "step",
      smoothing: 0,
      logScale: false,
      zoom: null,
      band: "spread",
    });
  });

  it("lose the zoom with the axis it was on", () => {
    expect(optionsToUrl({ axis: "relative" })).toEqual({ x: "relative", z: undefined });
  });
});

describe("panels", () => {
  it("are grouped by the part before a slash, the system's last", () => {
    expect(groupMetrics(["system/cpu", "val/b", "val/a10", "val/a9", "lr"])).toEqual([
      ["", ["lr"]],
      ["val", ["val/a9", "val/a10", "val/b"]],
      ["system", ["system/cpu"]],
    ]);
  });

  it("are found by expression, or by text where it is none", () => {
    expect(matching(["val/loss", "train/loss"], "^val")).toEqual(["val/loss"]);
    expect(matching(["a(b", "ab"], "a(")).toEqual(["a(b"]);
  });
});
