import { expect, it, vi } from "vitest";
import { keep, kept } from "./kept.ts";

it("what was kept is there again", () => {
  keep("key", "text");
  expect(kept("key")).toBe("text");
  expect(kept("other")).toBeNull();
});

it("forbidden storage is empty, and not a failure", () => {
  const forbidden = () => {
    throw new DOMException("forbidden", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: forbidden, setItem: forbidden });
  keep("key", "text");
  expect(kept("key")).toBeNull();
  vi.unstubAllGlobals();
});
