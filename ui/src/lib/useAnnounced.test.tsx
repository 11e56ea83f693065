import { renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";

test("an answer to another question is said at once, a change by itself later, what is there at first not at all", async () => {
  vi.resetModules(); // what is said waits for what was said before, by other tests too
  vi.useFakeTimers();
  const { useAnnouncement } = await import("./announce.ts");
  const { useAnnounced } = await import("./useAnnounced.ts");
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
