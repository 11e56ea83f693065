/**
 * Live events: one stream for the page, on the topics its components ask for.
 *
 * A hidden page gives its connection back, since browsers allow six to a host, and later goes on where it stopped.
 */
import { useEffect, useRef } from "react";
import { create } from "zustand";
import { useSettings } from "@/lib/settings.ts";
import { PREFIX } from "./client.ts";
import { queryClient } from "./queryClient.ts";

type EventKind = "run" | "metrics" | "experiment" | "artifact" | "log" | "model" | "reset";

export interface LiveEvent {
  kind: EventKind;
  experimentId: string;
  runId: string | null;
  data: Record<string, unknown>;
}

type Listener = (event: LiveEvent) => void;

const KINDS: readonly EventKind[] = ["run", "metrics", "experiment", "artifact", "log", "model", "reset"];
const SETTLE = 50; // milliseconds in which topics gather before the stream is opened
const REFUSED = 5000; // milliseconds until a refused stream is asked for again

export const useConnection = create<{ state: "none" | "open" | "lost" }>(() => ({ state: "none" }));

const listeners = new Map<Listener, readonly string[]>();
let source: EventSource | null = null;
let topics = "";
let last = "";
let pending = 0;

/** Calls `listener` for each event of the topics (`exp:1`, `run:…`) while the component is there. */
export function useEvents(wanted: readonly string[], listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  const joined = wanted.join();
  useEffect(() => {
    if (!joined) return;
    const call: Listener = (event) => latest.current(event);
    listeners.set(call, joined.split(","));
    schedule();
    return () => {
      listeners.delete(call);
      schedule();
    };
  }, [joined]);
}

function schedule(): void {
  clearTimeout(pending);
  pending = window.setTimeout(connect, SETTLE);
}

function connect(): void {
  const silent = document.hidden || !useSettings.getState().live;
  const wanted = silent ? "" : [...new Set([...listeners.values()].flat())].sort().join();
  if (wanted === topics) return;
  source?.close();
  topics = wanted;
  source = wanted ? open(wanted) : null;
  if (!source) useConnection.setState({ state: "none" });
}

function open(wanted: string): EventSource {
  const query = new URLSearchParams({ topics: wanted, ...(last ? { since: last } : {}) });
  const opened = new EventSource(`${PREFIX}/api/ext/v1/events?${query}`);
  opened.onopen = () => {
    if (useConnection.getState().state === "lost") void readFailed();
    useConnection.setState({ state: "open" });
  };
  opened.onerror = () => {
    useConnection.setState({ state: "lost" });
    if (opened.readyState === EventSource.CLOSED) setTimeout(reopen, REFUSED, opened);
  };
  for (const kind of KINDS) opened.addEventListener(kind, (event) => publish(kind, event));
  // where the stream stands, also while nothing happens: whoever comes back goes on from there
  opened.addEventListener("position", ({ lastEventId }) => {
    last = lastEventId;
  });
  return opened;
}

/** What could not be read while the server was away is asked for again. */
const readFailed = () =>
  queryClient.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });

/** After a refusal browsers do not try again by themselves. */
function reopen(refused: EventSource): void {
  if (source !== refused) return;
  topics = "";
  connect();
}

function publish(kind: EventKind, { data, lastEventId }: MessageEvent<string>): void {
  last = lastEventId;
  const { experiment_id, run_id, ...rest } = JSON.parse(data) as Record<string, unknown>;
  const event: LiveEvent = {
    kind,
    experimentId: String(experiment_id ?? ""),
    runId: typeof run_id === "string" ? run_id : null,
    data: rest,
  };
  for (const [listener, wanted] of listeners) {
    const concerned = wanted.includes(`exp:${event.experimentId}`) || wanted.includes(`run:${event.runId}`);
    if (concerned || kind === "reset") listener(event);
  }
}

document.addEventListener("visibilitychange", schedule);
useSettings.subscribe(schedule);
