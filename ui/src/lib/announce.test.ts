import { afterEach, beforeEach, expect, test, vi } from "vitest";

const said: string[] = [];
let module: typeof import("./announce.ts");
let settings: typeof import("./settings.ts");

beforeEach(async () => {
  vi.resetModules(); // what is said waits for what was said before, by other tests too
  vi.useFakeTimers();
  module = await import("./announce.ts");
  settings = await import("./settings.ts");
  module.useAnnouncement.subscribe(({ text }) => said.push(text));
});
afterEach(() => {
  vi.useRealTimers();
  said.length = 0;
});

test("what somebody did is said at once, again where it is done again", () => {
  module.announce("Moved.");
  module.announce("Moved.");
  expect(said).toEqual(["Moved.", "Moved."]);
});

test("what happens by itself is said every ten seconds, of each subject the latest", () => {
  module.announceLive("runs", "12 runs");
  vi.advanceTimersByTime(600);
  expect(said).toEqual(["12 runs."]);
  for (let count = 13; count < 40; count += 1) {
    module.announceLive("runs", `${count} runs`);
    module.announceLive("running", `${count - 10} running`);
    vi.advanceTimersByTime(300);
  }
  expect(said).toEqual(["12 runs."]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual(["12 runs.", "39 runs. 29 running."]);
});

test("what happens by itself is not said to those who like none of it", () => {
  settings.useSettings.setState({ announced: false });
  module.announceLive("runs", "12 runs");
  vi.advanceTimersByTime(20_000);
  module.announce("Copied.");
  expect(said).toEqual(["Copied."]);
});
