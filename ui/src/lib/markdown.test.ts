import { expect, it } from "vitest";
import { readable } from "./markdown.ts";

it.each([
  "# Title\n\n> quoted\n>> twice\n\n- a\n  - b\n    1. c\n\n```\n    code\n```",
  "a * b * c - d > e",
  "- ".repeat(10),
  `${"-".repeat(200)}\n${"*".repeat(200)}\n${"=".repeat(200)}`,
])("usual text is read: %.20j", (text) => expect(readable(text)).toBe(true));

it.each([
  ">".repeat(4000),
  `a\n${"> ".repeat(100)}b`,
  "- ".repeat(100),
  Array.from({ length: 400 }, (_, depth) => `${" ".repeat(2 * depth)}- x`).join("\n"),
  "a".repeat(1 << 20),
])("what would stop the page is not: %.20j", (text) => expect(readable(text)).toBe(false));
