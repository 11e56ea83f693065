import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { atOnce } from "./atOnce.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first is told at once, then the last of those that came too soon", () => {
  const told: number[] = [];
  const tell = atOnce((number: number) => told.push(number), 100);
  tell(1);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(40);
  tell(2);
  vi.advanceTimersByTime(40);
  tell(3);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(20);
  expect(told).toEqual([1, 3]);
  vi.advanceTimersByTime(100);
  tell(4);
  expect(told).toEqual([1, 3, 4]);
});

test("what is told again before its time is not told twice", () => {
  const told: number[] = [];
  const tell = atOnce((number: number) => told.push(number), 100);
  for (const number of [1, 2, 1]) tell(number);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([1, 1]);
});
