import { Tabs } from "@/components/Tabs.tsx";
import { TABS } from "./tabs.ts";

/** The parts of a run. */
export function RunTabs({ runId }: { runId: string }) {
  return (
    <Tabs
      label="Parts of the run"
      links={TABS.map(([to, title]) => [title, { to, params: { runId, _splat: "" }, search: {} }])}
    />
  );
}
