import { expect, it } from "vitest";
import { sentenceOf } from "./sentences.ts";

it.each([
  [
    { action: "alias_moved", subject: "champion", version: "2", before: "1", after: "2" },
    "@champion moved from v1 to v2",
  ],
  [{ action: "alias_moved", subject: "champion", version: "2", after: "2" }, "@champion points to v2"],
  [
    { action: "stage_moved", version: "3", before: "None", after: "Production" },
    "v3 moved from None to Production",
  ],
  [{ action: "version_tag_set", version: "3", subject: "ok", after: "yes" }, "Tag ok of v3 set to “yes”"],
  [{ action: "alias_refused", version: "3", subject: "champion" }, "v3 was refused the alias @champion"],
] as const)("%j is told as %s", (event, sentence) => {
  expect(sentenceOf(event)).toBe(sentence);
});
