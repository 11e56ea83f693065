import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { paced } from "./paced.ts";

describe("paced calls", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("come soon after one that comes alone", () => {
    const act = vi.fn();
    const { ask } = paced(act, 30, 1000);
    ask();
    vi.advanceTimersByTime(29);
    expect(act).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(act).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(5000);
    expect(act).toHaveBeenCalledOnce();
  });

  it("come once a second however often they are asked for", () => {
    const act = vi.fn();
    const { ask } = paced(act, 30, 1000);
    for (let times = 0; times < 500; times += 1) {
      ask();
      vi.advanceTimersByTime(10);
    }
    expect(act).toHaveBeenCalledTimes(5);
  });

  it("do not come after the end", () => {
    const act = vi.fn();
    const { ask, stop } = paced(act, 30, 1000);
    ask();
    stop();
    vi.advanceTimersByTime(2000);
    expect(act).not.toHaveBeenCalled();
  });
});
