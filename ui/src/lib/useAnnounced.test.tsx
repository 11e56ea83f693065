import { renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useAnnouncement } from "./announce.ts";
import { useAnnounced } from "./useAnnounced.ts";

test("an answer to another question is said at once, a change by itself later, what is there at first not at all", () => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(2_000_000);
  const said: string[] = [];
  const stop = useAnnouncement.subscribe(({ text }) => said.push(text));
  const { rerender } = renderHook(({ text, question }) => useAnnounced("runs", text, question), {
    initialProps: { text: "3 runs" as string | undefined, question: "" },
  });
  rerender({ text: undefined, question: "lr = 1" });
  rerender({ text: "2 runs", question: "lr = 1" });
  expect(said).toEqual(["2 runs"]);
  rerender({ text: "4 runs", question: "lr = 1" });
  rerender({ text: "5 runs", question: "lr = 1" });
  expect(said).toEqual(["2 runs"]);
  vi.runAllTimers();
  expect(said).toEqual(["2 runs", "5 runs."]);
  stop();
  vi.useRealTimers();
});
