import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readBytes } from "@/api/artifacts.ts";
import { useEvents } from "@/api/events.ts";
import { runFiles } from "@/api/files.ts";
import { extendLog, type LogText, NO_LOG } from "@/lib/logText.ts";

export const CONSOLE = ".mlflow/logs/console.log";
const EVERY = 2000; // milliseconds between looks at a log that grows, besides those that events ask for

interface Log {
  log: LogText;
  state: "reading" | "none" | "there";
  error: Error | null;
}

/** A run's console log; while the run is going on it is read on, from its last complete line. */
export function useLog(runId: string, growing: boolean): Log {
  const queries = useQueryClient();
  const kept = queries.getQueryData<LogText>(["console", runId]);
  const [log, setLog] = useState<LogText>(kept ?? NO_LOG);
  const [state, setState] = useState<Log["state"]>(kept ? "there" : "reading");
  const [error, setError] = useState<Error | null>(null);
  const [told, setTold] = useState(0);
  useEvents([`run:${runId}`], ({ kind, runId: of }) => {
    if ((kind === "artifact" || kind === "log") && of === runId) setTold(Date.now());
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `told` says that there is more to read
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      try {
        const before = queries.getQueryData<LogText>(["console", runId]) ?? NO_LOG;
        let part = await readBytes(runFiles(runId), CONSOLE, { start: before.settled }, stop.signal);
        const shorter = part !== null && part.size < before.settled;
        if (shorter) part = await readBytes(runFiles(runId), CONSOLE, {}, stop.signal);
        if (!part) return setState((now) => (now === "there" ? now : "none"));
        const after = extendLog(shorter ? NO_LOG : before, part.bytes);
        queries.setQueryData(["console", runId], after);
        setLog(after);
        setState("there");
        setError(null);
      } catch (failure) {
        if (!stop.signal.aborted) setError(failure as Error);
      }
    };
    void read();
    const timer = growing ? setInterval(() => !document.hidden && void read(), EVERY) : 0;
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [queries, runId, growing, told]);
  return { log, state, error };
}
