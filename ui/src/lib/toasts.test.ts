import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { toast, useToasts } from "./toasts.ts";

const texts = () => useToasts.getState().list.map(({ text }) => text);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it("messages go by themselves, but not while somebody is at them", () => {
  toast("first");
  vi.advanceTimersByTime(9000);
  useToasts.getState().hold(true);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["first"]);
  useToasts.getState().hold(false);
  vi.advanceTimersByTime(9000);
  expect(texts()).toEqual(["first"]);
  vi.advanceTimersByTime(1000);
  expect(texts()).toEqual([]);
});

it("only so many stay, the latest", () => {
  for (const text of ["a", "b", "c", "d", "e"]) toast(text);
  expect(texts()).toEqual(["b", "c", "d", "e"]);
});
