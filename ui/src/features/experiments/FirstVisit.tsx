import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Experiment } from "@/api/experiments.ts";
import { type RunQuery, runCount } from "@/api/runs.ts";
import { FirstRun } from "@/components/FirstRun.tsx";
import { Empty } from "@/components/State.tsx";

const EVERY = 2000; // milliseconds between looks for a first experiment

interface FirstVisitProps {
  experiments: readonly Experiment[];
  refetch: () => void;
}

/** On a server without any run: how to log one. The experiment that it makes is opened. */
export function FirstVisit({ experiments, refetch }: FirstVisitProps) {
  const [only, ...others] = experiments;
  const waited = useRef<string | null>(null);
  const all: RunQuery = {
    experimentIds: [only?.experiment_id ?? ""],
    filter: "",
    orderBy: [],
    view: "ACTIVE_ONLY",
  };
  const alone = only !== undefined && others.length === 0;
  const { data: runs } = useQuery({ ...runCount(all), enabled: alone });
  const waiting = alone && runs === 0;
  if (waiting) waited.current = only.experiment_id;
  const made = experiments.find(({ experiment_id }) => experiment_id !== waited.current)?.experiment_id;
  const navigate = useNavigate();
  useEffect(() => {
    if (!waited.current || !made) return;
    void navigate({ to: "/experiments/$experimentId", params: { experimentId: made }, search: {} });
  }, [made, navigate]);
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(refetch, EVERY);
    return () => clearInterval(timer);
  }, [waiting, refetch]);
  if (!waiting) return null;
  return (
    <Empty title="Log the first run">
      <FirstRun experiment="hello" />
    </Empty>
  );
}
