/** What stands above screens that show runs of several experiments at once, or of all there are. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { experimentList, experimentsById, LATEST_EXPERIMENTS } from "@/api/experiments.ts";
import type { Screen } from "@/api/views.ts";
import { plural } from "@/lib/format.ts";
import { ChooseExperiments } from "./ChooseExperiments.tsx";
import { SeveralTabs } from "./ExperimentTabs.tsx";
import { Header } from "./Header.tsx";
import { Failed, Skeleton } from "./State.tsx";
import { ViewsMenu } from "./ViewsMenu.tsx";

interface SeveralProps {
  /** The chosen experiments; all where there are none. */
  e: string[] | undefined;
  children: (experimentIds: string[], more: boolean) => ReactNode;
}

/** Waits until it is known which experiments are meant; `more` says that there are others than these latest. */
export function Several({ e, children }: SeveralProps) {
  const all = useInfiniteQuery({ ...experimentList(LATEST_EXPERIMENTS), enabled: e === undefined });
  const joined = (e ?? all.data?.pages[0]?.experiments?.map(({ experiment_id }) => experiment_id))?.join();
  const ids = useMemo(() => (joined === undefined ? null : joined.split(",").filter(Boolean)), [joined]);
  if (!ids && all.error) return <Failed error={all.error} retry={() => all.refetch()} />;
  if (!ids) return <Skeleton rows={12} />;
  return children(ids, e === undefined && all.hasNextPage);
}

type Search = Record<string, unknown> & { e?: string[]; v?: string };

interface SeveralHeadProps {
  search: Search;
  change: (part: { e?: string[]; v?: string }, replace?: boolean) => void;
  screen: Screen;
  /** How many experiments are looked at, where there are more. */
  latest: number | undefined;
  /** What is said of the screen beside its title. */
  children?: ReactNode;
}

export function SeveralHead({ search, change, screen, latest, children }: SeveralHeadProps) {
  const { e } = search;
  const named = useQuery(experimentsById(e ?? [])).data;
  const names = (e && named?.map(({ name }) => name).join(", ")) ?? "";
  return (
    <>
      <Header
        title={e ? `Runs of ${plural(e.length, "experiment")}` : "Runs of all experiments"}
        crumbs={
          <Link to="/experiments" search={{}}>
            Experiments
          </Link>
        }
        aside={
          <>
            <ChooseExperiments chosen={e} onChange={(next) => change({ e: next })} />
            <ViewsMenu
              experimentId={e?.[0]}
              screen={screen}
              place={screen === "sweep" ? "#/runs/sweep" : "#/runs"}
              start={{ e }}
              search={search}
              onView={(v) => change({ v }, true)}
            />
          </>
        }
      >
        {children}
        <span title={names}>{latest === undefined ? names : `those of the latest ${latest}`}</span>
      </Header>
      <SeveralTabs e={e} />
    </>
  );
}
