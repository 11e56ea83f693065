/** Columns of the runs on screen, for the palette: choosing one shows it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { columnsOf, experimentList, LATEST_EXPERIMENTS } from "@/api/experiments.ts";
import { allColumns, defaultColumns } from "@/features/runs/defaultColumns.ts";
import { revealColumn } from "@/features/runs/revealed.ts";
import type { RunsSearch } from "@/features/runs/search.ts";
import { ATTRIBUTES, columnTitle, parseColumn } from "@/lib/columns.ts";
import { exactly } from "@/lib/metricNames.ts";
import type { Choice } from "./Palette.tsx";

const MOST = 8;
const KINDS = { metric: "metric", trend: "metric", param: "param", tag: "tag", attribute: "column" } as const;

export function useColumnChoices(text: string): Choice[] {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const one = /^\/experiments\/([^/]+)\/?$/.exec(pathname)?.[1];
  const across = pathname === "/runs";
  const shown = search as RunsSearch;
  const wanted = text !== "" && (one !== undefined || across);
  const latest = useInfiniteQuery({
    ...experimentList(LATEST_EXPERIMENTS),
    enabled: wanted && across && shown.e === undefined,
  });
  const all = latest.data?.pages[0]?.experiments?.map(({ experiment_id }) => experiment_id);
  const ids = one === undefined ? (shown.e ?? all ?? []) : [one];
  const { data: known } = useQuery({ ...columnsOf(ids), enabled: wanted && ids.length > 0 });
  if (!wanted || !known) return [];
  const change = (part: Partial<RunsSearch>) => {
    const next = { ...shown, ...part };
    void (one === undefined
      ? navigate({ to: "/runs", search: next })
      : navigate({ to: "/experiments/$experimentId", params: { experimentId: one }, search: next }));
  };
  const show = (id: string) => {
    const column = parseColumn(id);
    if (shown.m === "charts" && column?.kind === "metric") return change({ k: exactly(column.key) });
    const columns = shown.c ?? defaultColumns(known, across);
    revealColumn(id);
    return columns.includes(id) ? undefined : change({ c: [id, ...columns] });
  };
  return [...allColumns(known), ...Object.keys(ATTRIBUTES)]
    .flatMap((id): Choice[] => {
      const column = parseColumn(id);
      if (!column) return [];
      const label = columnTitle(column);
      return label.toLowerCase().includes(text.toLowerCase())
        ? [
            {
              id: `c${encodeURIComponent(id)}`,
              label,
              hint: KINDS[column.kind],
              icon: "columns",
              run: () => show(id),
            },
          ]
        : [];
    })
    .slice(0, MOST);
}
