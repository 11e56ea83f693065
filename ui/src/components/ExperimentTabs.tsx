import { useLocation, useSearch } from "@tanstack/react-router";
import { Tabs } from "./Tabs.tsx";

const TABS = [
  ["/experiments/$experimentId", "Runs"],
  ["/experiments/$experimentId/sweep", "Sweep"],
  ["/experiments/$experimentId/images", "Images"],
  ["/experiments/$experimentId/models", "Models"],
  ["/experiments/$experimentId/datasets", "Datasets"],
  ["/experiments/$experimentId/notes", "Notes"],
] as const;

/** The parts of an experiment. */
export function ExperimentTabs({ experimentId }: { experimentId: string }) {
  const along = useAlong();
  return (
    <Tabs
      spaced
      label="Parts of the experiment"
      links={TABS.map(([to, title]) => [title, { to, params: { experimentId }, search: along(title) }])}
    />
  );
}

/** What there is of several experiments. */
export function SeveralTabs({ e }: { e: string[] | undefined }) {
  const along = useAlong();
  return (
    <Tabs
      spaced
      label="Parts of the experiments"
      links={[
        ["Runs", { to: "/runs", search: { e, ...along("Runs") } }],
        ["Sweep", { to: "/runs/sweep", search: { e, ...along("Sweep") } }],
      ]}
    />
  );
}

const FILTERED = ["Runs", "Sweep", "Images"];

/** What goes along to another part: a filter to where it means the same, an order by a metric to the sweep. */
function useAlong(): (title: string) => { q?: string; y?: string } {
  const { q, s = "" } = useSearch({ strict: false }) as { q?: string; s?: string };
  const place = useLocation({ select: ({ pathname }) => pathname });
  const here = /\/(sweep|images|models|datasets|notes)\b/.exec(place)?.[1] ?? "runs";
  const y = here === "runs" ? /^-?((?:\w+\()?metrics\..+)$/.exec(s)?.[1] : undefined;
  const shared = ["runs", "sweep", "images"].includes(here) ? { q } : {};
  return (title) => {
    if (title.toLowerCase() === here || !FILTERED.includes(title)) return {};
    return title === "Sweep" ? { ...shared, y } : shared;
  };
}
