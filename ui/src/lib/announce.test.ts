import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { announce, announceLive, useAnnouncement } from "./announce.ts";
import { useSettings } from "./settings.ts";

const said: string[] = [];
afterAll(useAnnouncement.subscribe(({ text }) => said.push(text)));

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1_000_000); // later than what other tests said
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  useSettings.setState({ announced: true });
  said.length = 0;
});

test("what somebody did is said at once, again where it is done again", () => {
  announce("Moved.");
  announce("Moved.");
  expect(said).toEqual(["Moved.", "Moved."]);
});

test("what happens by itself is said every ten seconds, of each subject the latest", () => {
  announceLive("runs", "12 runs");
  vi.advanceTimersByTime(600);
  expect(said).toEqual(["12 runs."]);
  for (let count = 13; count < 40; count += 1) {
    announceLive("runs", `${count} runs`);
    announceLive("running", `${count - 10} running`);
    vi.advanceTimersByTime(300);
  }
  expect(said).toEqual(["12 runs."]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual(["12 runs.", "39 runs. 29 running."]);
});

test("what happens by itself is not said to those who like none of it", () => {
  useSettings.setState({ announced: false });
  announceLive("runs", "12 runs");
  vi.advanceTimersByTime(20_000);
  announce("Copied.");
  expect(said).toEqual(["Copied."]);
});
