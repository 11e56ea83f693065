/** Charts of the runs that are shown, or of their groups; the grid is the legend. */
import { type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { columnsOf } from "@/api/experiments.ts";
import { groupId, groupsSampled } from "@/api/groups.ts";
import type { Sample, Series } from "@/api/metrics.ts";
import { rowsById } from "@/api/runRows.ts";
import { optionsFromUrl, optionsToUrl } from "@/charts/optionsFromUrl.ts";
import { Panels } from "@/charts/Panels.tsx";
import type { ShownRun } from "@/charts/types.ts";
import { useSelection } from "@/components/grid/selection.ts";
import { columnTitle } from "@/lib/columns.ts";
import { useEmphasis } from "@/lib/emphasis.ts";
import { useNow } from "@/lib/useNow.ts";
import { AddedPanels } from "./AddedPanels.tsx";
import { AddPanel } from "./AddPanel.tsx";
import { cellOf } from "./cells.ts";
import { useGroups } from "./groupOrder.ts";
import type { Rows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";
import type { ShownRuns } from "./useShownRuns.ts";

export function RunsCharts({ view, rows, shown }: { view: RunsView; rows: Rows; shown: ShownRuns }) {
  const { search, change, experimentIds } = view;
  const known = useQuery(columnsOf(experimentIds)).data;
  const runs = useShown(view, rows, shown);
  const metrics = useMemo(
    () => known?.filter(({ kind }) => kind === "metric").map(({ key }) => key) ?? [],
    [known],
  );
  const { x, sm, y, z, bd } = search;
  const options = useMemo(() => optionsFromUrl({ x, sm, y, z, bd }), [x, sm, y, z, bd]);
  useTickedEmphasis();
  const grouped = useGroupLines(view, options.band === "range" ? "range" : "spread");
  return (
    <Panels
      metrics={metrics}
      runs={grouped?.groups ?? runs}
      read={grouped?.read}
      onHide={grouped ? undefined : shown.toggle}
      options={options}
      onOptions={(part) => change(optionsToUrl(part), true)}
      search={search.k ?? ""}
      onSearch={(text) => change({ k: text || undefined }, true)}
      own={search.p}
      onOwn={(p) => change({ p }, true)}
      sections={search.sec}
      onSections={(sec) => change({ sec }, true)}
      full={search.full}
      onFull={(full) => change({ full }, true)}
      adder={<AddPanel view={view} />}
      added={<AddedPanels view={view} runs={runs} />}
    />
  );
}

/** Ticked runs stand out while these charts are there. */
function useTickedEmphasis(): void {
  const chosen = useSelection((state) => state.ids);
  useEffect(() => useEmphasis.setState({ chosen }), [chosen]);
  useEffect(() => () => useEmphasis.setState({ run: null, chosen: new Set() }), []);
}

const MOST_GROUPS = 30; // lines that can be told apart

/** The groups of the runs as lines of a chart; null where runs are not grouped. */
function useGroupLines(view: RunsView, band: "spread" | "range") {
  const by = view.search.g;
  const joined = by?.join("\0") ?? "";
  const { groups: data } = useGroups(view);
  const query = JSON.stringify(view.flat);
  const groups = useMemo(
    () =>
      (data ?? []).slice(0, MOST_GROUPS).map(({ values, runs }, slot): ShownRun => {
        const name = values.map((value) => value?.replaceAll("\n", ", ") ?? "–").join(" · ");
        return { id: groupId(values), name: `${name} (${runs})`, slot };
      }),
    [data],
  );
  const read = useMemo(() => {
    const sampled = groupsSampled(JSON.parse(query), joined.split("\0"), band);
    return (sample: Sample) =>
      sampled(sample) as unknown as UseQueryOptions<Series[], Error, Series[], QueryKey>;
  }, [query, joined, band]);
  return by ? { groups, read } : null;
}

/** The shown runs with the values of the pinned columns: of rows that are read already, and of others. */
function useShown(
  { experimentIds, columns, pinned, asked }: RunsView,
  rows: Rows,
  { ids, slots }: ShownRuns,
): ShownRun[] {
  const now = useNow(60_000);
  const near = rows.loaded.filter(({ id }) => ids.includes(id));
  const away = ids.filter((id) => !near.some((run) => run.id === id));
  const far = useQuery(rowsById(experimentIds, away, asked)).data?.runs ?? [];
  const known = [...near, ...far.filter(({ id }) => away.includes(id))];
  const beside = columns.slice(0, pinned).filter(({ kind }) => kind !== "trend");
  const told = JSON.stringify(
    known.map((run) => [
      run.id,
      run.name,
      beside.map((column) => [columnTitle(column), cellOf(run, column, now).text]),
    ]),
  );
  return useMemo(() => {
    const byId = new Map((JSON.parse(told) as Told[]).map((one) => [one[0], one]));
    return ids.map((id) => {
      const [, name, facts] = byId.get(id) ?? [id, "", undefined];
      return { id, name: name || id, slot: slots.get(id) ?? -1, facts };
    });
  }, [told, ids, slots]);
}

type Told = [id: string, name: string, facts: ShownRun["facts"]];
