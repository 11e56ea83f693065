import { renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";

test("an answer to another question is said soon, once it is whole, a change by itself later, what is there at first not at all", async () => {
  vi.resetModules(); // what is said waits for what was said before, by other tests too
  vi.useFakeTimers();
  const { useAnnouncement } = await import("./announce.ts");
  const { useAnnounced } = await import("./useAnnounced.ts");
  const said: string[] = [];
  const stop = useAnnouncement.subscribe(({ text }) => said.push(text));
  const { rerender } = renderHook(({ text, question }) => useAnnounced("runs", text, question), {
    initialProps: { text: "3 runs" as string | undefined, question: "" },
  });
  rerender({ text: "3 runs", question: "lr = 1" }); // what was there stays until the answer comes
  rerender({ text: "3 of 3 runs", question: "lr = 1" });
  vi.advanceTimersByTime(100);
  rerender({ text: "2 of 3 runs", question: "lr = 1" });
  vi.advanceTimersByTime(1000);
  expect(said).toEqual(["2 of 3 runs"]);
  vi.advanceTimersByTime(5000);
  rerender({ text: "4 runs", question: "lr = 1" });
  rerender({ text: "5 runs", question: "lr = 1" });
  expect(said).toEqual(["2 of 3 runs"]);
  vi.runAllTimers();
  expect(said).toEqual(["2 of 3 runs", "5 runs."]);
  stop();
  vi.useRealTimers();
});

test("what begins with nothing to say is said when there is something", async () => {
  vi.resetModules();
  vi.useFakeTimers();
  const { useAnnouncement } = await import("./announce.ts");
  const { useAnnounced } = await import("./useAnnounced.ts");
  const said: string[] = [];
  const stop = useAnnouncement.subscribe(({ text }) => said.push(text));
  const { rerender } = renderHook(({ text }) => useAnnounced("new runs", text, ""), {
    initialProps: { text: "" },
  });
  rerender({ text: "1 new run" });
  vi.runAllTimers();
  rerender({ text: "" });
  vi.runAllTimers();
  expect(said).toEqual(["1 new run."]);
  stop();
  vi.useRealTimers();
});
