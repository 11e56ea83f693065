import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { readPart } from "@/api/artifacts.ts";
import { useEvents } from "@/api/events.ts";
import { logUrl } from "@/api/files.ts";
import { endOfLog, extendLog, type LogText, NO_LOG } from "@/lib/logText.ts";

export const CONSOLE = "console.log";
const MOST = 32 << 20; // bytes of a log that are read; of a longer one the last
const EVERY = 2000; // milliseconds between looks at a log that grows, besides those that events ask for

interface Log {
  log: LogText;
  state: "reading" | "none" | "there";
  error: Error | null;
}

/** A run's console log, or the end of a long one; while the run is going on it is read on, from its last complete line. */
export function useLog(runId: string, growing: boolean): Log {
  const queries = useQueryClient();
  const kept = queries.getQueryData<LogText>(["console", runId]);
  const [log, setLog] = useState<LogText>(kept ?? NO_LOG);
  const [state, setState] = useState<Log["state"]>(kept ? "there" : "reading");
  const [error, setError] = useState<Error | null>(null);
  const wake = useRef(() => {});
  useEvents([`run:${runId}`], ({ kind, runId: of }) => {
    if ((kind === "artifact" || kind === "log") && of === runId) wake.current();
  });
  useEffect(() => {
    const stop = new AbortController();
    const [once, end] = oneByOne(async () => {
      try {
        const before = queries.getQueryData<LogText>(["console", runId]) ?? NO_LOG;
        const after = await readOn(runId, before, stop.signal);
        if (!after) return setState((now) => (now === "there" ? now : "none"));
        queries.setQueryData(["console", runId], after);
        setLog(after);
        setState("there");
        setError(null);
      } catch (failure) {
        if (!stop.signal.aborted) setError(failure as Error);
      }
    });
    wake.current = once;
    once();
    const timer = growing ? setInterval(() => !document.hidden && once(), EVERY) : 0;
    return () => {
      end();
      stop.abort();
      clearInterval(timer);
    };
  }, [queries, runId, growing]);
  return { log, state, error };
}

/** Runs a task, never twice at a time: who asks meanwhile has it run once more afterwards. */
function oneByOne(task: () => Promise<void>): [once: () => void, end: () => void] {
  let [running, again, over] = [false, false, false];
  const once = async (): Promise<void> => {
    again = running;
    if (running || over) return;
    running = true;
    await task();
    running = false;
    if (again) await once();
  };
  return [
    () => void once(),
    () => {
      over = true;
    },
  ];
}

/** The log with what was written since; null where there is none. */
async function readOn(runId: string, before: LogText, signal: AbortSignal): Promise<LogText | null> {
  const url = logUrl(runId);
  const known = before.settled - before.skipped <= 2 * MOST ? before : NO_LOG; // a page open for days forgets what is old
  const start = known.settled;
  const part = await readPart(url, CONSOLE, { start, end: start + MOST }, signal);
  if (!part) return null;
  if (part.size < start) return readOn(runId, NO_LOG, signal); // it was begun anew
  if (part.size <= start + MOST) return extendLog(known, part.bytes);
  const end = await readPart(url, CONSOLE, { start: part.size - MOST }, signal);
  return end && endOfLog(end.bytes, part.size - MOST);
}
