import { describe, expect, it } from "vitest";
import { groupMetrics } from "./groups.ts";
import { arranged, formatSections, movedPanel, movedSection, parseSections } from "./sections.ts";

const METRICS = ["f1", "system/cpu", "train/loss", "val/acc", "val/loss"];
const shown = (texts: string[]) =>
  arranged(METRICS, parseSections(texts), groupMetrics).map(({ title, shown }) => [title, ...shown]);

describe("sections of panels", () => {
  it("survive the URL, whatever titles and keys contain", () => {
    const texts = ["-Mine||val/loss|a%7Cb", "val|val/", "\\-dash||f1", "|/|x"];
    expect(formatSections(parseSections(texts))).toEqual(texts);
    expect(parseSections(texts)[0]).toEqual({
      title: "Mine",
      source: null,
      closed: true,
      keys: ["val/loss", "a|b"],
    });
    expect(parseSections(["", "|"])).toEqual([]);
  });

  it("are the groups of the metrics where nobody arranged them, the system's closed", () => {
    expect(shown([])).toEqual([
      ["", "f1"],
      ["train", "train/loss"],
      ["val", "val/acc", "val/loss"],
      ["system", "system/cpu"],
    ]);
    expect(arranged(METRICS, [], groupMetrics).map(({ closed }) => closed)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it("keep what was moved into them, first, and what is new comes by itself", () => {
    expect(shown(["Mine||val/loss|gone", "Validation|val/|f1"])).toEqual([
      ["Mine", "val/loss"],
      ["Validation", "f1", "val/acc"],
      ["train", "train/loss"],
      ["system", "system/cpu"],
    ]);
  });

  it("take a panel before another, from any section", () => {
    const before = arranged(METRICS, parseSections(["Mine||f1"]), groupMetrics);
    const val = before.findIndex(({ title }) => title === "val");
    const after = formatSections(movedPanel(before, "f1", val, "val/loss"));
    expect(after).toEqual(["Mine|", "train|train/", "val|val/|val/acc|f1", "-system|system/"]);
    expect(shown(after)[2]).toEqual(["val", "val/acc", "f1", "val/loss"]);
  });

  it("take a panel at their end", () => {
    const before = arranged(METRICS, parseSections(["Mine||f1"]), groupMetrics);
    expect(formatSections(movedPanel(before, "val/loss", 0))[0]).toBe("Mine||f1|val/loss");
  });

  it("change places", () => {
    const before = arranged(METRICS, [], groupMetrics);
    expect(movedSection(before, 2, -1).map(({ title }) => title)).toEqual(["", "val", "train", "system"]);
  });
});
